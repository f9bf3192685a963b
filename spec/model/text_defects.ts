// Defects in the texts that rules say, to be put into the shipped file as those of defects.ts are.
import type { Defect } from "./defects";

export const TEXT_DEFECTS: readonly Defect[] = [
  {
    name: "no rule says what the summary is",
    text: 'summary = text("summary"),\n',
    instead: "",
  },
  {
    name: "no rule says what the class is",
    text: 'class = text("class"),\n',
    instead: "",
  },
  {
    name: "the source of a rule is the component",
    text: 'component = text("component"),\n',
    instead: 'component = text("source"),\n',
  },
  {
    name: "where nothing comes of a rule's name nothing is said",
    text: 'if own == "" then\n        ____temp_13 = usual',
    instead: 'if own == "" then\n        ____temp_13 = nil',
  },
  {
    name: "where nothing comes of a rule's summary nothing is said",
    text: 'return formatted == "" and exports.summaryOf(subject.alert) or formatted',
    instead: "return template == nil and exports.summaryOf(subject.alert) or formatted",
    seed: 132,
  },
  {
    name: "of a detail that two rules name the last counts",
    text: "if not isSaid then\n            all[#all + 1] = detail",
    instead: "if true then\n            all[#all + 1] = detail",
  },
  {
    name: "only the first rule's links are sent",
    text: "for ____, link in ipairs(rule.links or ({})) do",
    instead: "for ____, link in ipairs(#links == 0 and rule.links or ({})) do",
    seed: 1437,
  },
  {
    name: "images are sent of the last rule only",
    text: "images[#images + 1] = image\n",
    instead: "images[1] = image\n",
    seed: 2060,
  },
  {
    name: "stop is not obeyed by what adds up",
    text: "visit(rule)\n                    end\n                    if rule.stop == true then",
    instead: "visit(rule)\n                    end\n                    if false then",
  },
  {
    name: "what stands in an address is not encoded",
    text: "#parts == 0 and value or urlEncode(value)",
    instead: "value",
  },
  {
    name: "an address that begins with a placeholder is encoded",
    text: "#parts == 0 and value or urlEncode(value)",
    instead: "urlEncode(value)",
  },
  {
    name: "a link that leads to nothing in particular is sent",
    text: "if placeholders > 0 and answers == 0 then",
    instead: "if false then",
  },
  {
    name: "macros that texts name are not taken",
    text: "macrosIn(template)) do\n        context.needVariable(name)",
    instead: "macrosIn(template)) do\n        local _ = name",
    seed: 2809,
  },
  {
    name: "macros that addresses name are not taken",
    text: "macrosIn(template)) do\n            context.needVariable(name)",
    instead: "macrosIn(template)) do\n            local _ = name",
    seed: 3728,
  },
  {
    name: "the poller in a text is the host",
    text: "poller = function(____bindingPattern0)\n        local place\n        place = ____bindingPattern0.alert.place\n        return place.poller",
    instead:
      "poller = function(____bindingPattern0)\n        local place\n        place = ____bindingPattern0.alert.place\n        return place.hostName",
  },
];
