# Targets for building, testing, trying and installing the connector. `make` lists them.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup build spec spec-one watch tools test lint demo sandbox docs bench chaos format clean
.PHONY: install uninstall rock deb rpm release version

LUAS := 5.1 5.3 5.4 jit
SOURCES := $(shell find src types -name '*.ts')
TOOL_SOURCES := $(shell find tools bench -name '*.ts')
SPEC_SOURCES := $(shell find spec -name '*.ts')
BUNDLES := dist/pagerduty.lua dist/centreon-pagerduty.lua
TRANSPILER := tools/bundle/transpile.js tools/bundle/plugin.cjs tsconfig.json spec/tsconfig.json tstl.json \
	tstl.commands.json package.json package-lock.json
BIN := node_modules/.bin

# What runs the connector on one Lua as the broker does: $(call host,5.3).
host = build/tools/.compiled build/lua/$1/cURL.so build/brokerhost-$1

# Where the broker looks for connectors on every system Centreon supports.
LUADIR := /usr/share/centreon-broker/lua
# Where packaging/centreon-pagerduty looks for its files, seen from its own folder: ../share/centreon-pagerduty.
BINDIR := /usr/bin
LIBRARY := /usr/share/centreon-pagerduty
MANDIR := /usr/share/man/man8
COMPLETIONS := /usr/share/bash-completion/completions

# Where the sandbox listens.
PORT := 8080

# Of spec-one and watch.
LUA := 5.3
SPEC :=

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z -]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: setup-test ## install everything that building and testing need (Debian and npm packages)

setup-%:
	@tools/setup.sh $*

build spec: build/.transpiled ## compile src/ and spec/ to Lua, and make the connector and its commands of it

spec-one: spec $(call host,$(LUA)) ## compile what changed, and run one spec on one Lua: SPEC=spec/text/utf8_spec.ts LUA=5.3 FILTER=...
	$(if $(SPEC),,$(error which spec? SPEC=spec/text/utf8_spec.ts, or a folder))
	@# busted takes a filter apart at its spaces; a dot fits them.
	@tools/specs.sh $(LUA) $(patsubst %.ts,%.lua,$(SPEC:spec/%=build/spec/%)) $${FILTER:+--filter="$$(echo "$$FILTER" | tr ' ' .)"}

watch: ## compile whenever a file changes; with SPEC=... run that spec, too, as spec-one does
	@tools/watch.sh $(MAKE) --no-print-directory $(if $(SPEC),spec-one,spec)

demo: setup-demo build $(call host,5.3) ## play the recorded events against a sandbox PagerDuty; KEEP=1 leaves its page open
	@node build/tools/demo/main.js

sandbox: setup-sandbox build/tools/.compiled ## a PagerDuty on this machine, with a page to look at (PORT=8080)
	@node build/tools/sandbox/main.js --port $(PORT) --in-words

test: setup ## everything CI runs: lint, types, specs on four Luas, contract specs
	@tools/test.sh

lint: setup-lint ## ESLint, Prettier, luacheck, shellcheck, luarocks lint, typings against the recorded facts
	@tools/lint.sh

docs: setup-docs build build/tools/.compiled ## make docs/parameters.md from the parameters' table, the manual page from --help
	@node build/tools/docs/main.js | $(BIN)/prettier --stdin-filepath docs/parameters.md > docs/parameters.md
	@node build/tools/docs/man.js > packaging/man/centreon-pagerduty.8

bench: setup build tools spec ## what an event, a burst and the journal cost, as ratios within one run
	@node build/bench/main.js

chaos: setup build tools ## minutes of random faults, restarts and kills; at the end PagerDuty must equal Centreon
	@node build/tools/chaos/main.js

format: setup-build ## let Prettier rewrite the sources
	@$(BIN)/prettier --write --log-level warn .

# The bundles go with the Lua files that they are put together from. All have the time of the start: what is changed
# meanwhile is newer, and so is a bundle that git put there.
build/.transpiled: $(SOURCES) $(SPEC_SOURCES) $(TRANSPILER) $(BUNDLES) | node_modules
	@echo "compiling src/ and spec/ to Lua …"
	@mkdir -p build
	@flock build/.lock sh -ec 'touch $@.started; node tools/bundle/transpile.js; \
		touch -r $@.started $(BUNDLES); mv $@.started $@'

$(BUNDLES): ;

node_modules:
	@tools/setup.sh build

tools: $(foreach lua,$(LUAS),$(call host,$(lua))) ## build the development tools

build/tools/.compiled: $(TOOL_SOURCES) src/settings/parameters.ts tools/tsconfig.json tools/sandbox/page/tsconfig.json | node_modules
	@echo "compiling the tools …"
	@$(BIN)/tsc -p tools/tsconfig.json
	@$(BIN)/tsc -p tools/sandbox/page/tsconfig.json
	@touch $@

build/lua/%/cURL.so: $(wildcard tools/lcurl/*.c tools/lcurl/*.h tools/lcurl/*.sh tools/lcurl/*.lua)
	@echo "compiling lua-curl for Lua $* …"
	@tools/lcurl/build.sh $* $(@D)

build/brokerhost-%: $(wildcard tools/brokerhost/*.cpp tools/brokerhost/*.hpp tools/brokerhost/*.sh) spec/fixtures/events/event-fields.txt
	@echo "compiling brokerhost for Lua $* …"
	@tools/brokerhost/build.sh $* $@

install: ## put connector and program in place (DESTDIR=... for a scratch root); builds nothing
	umask 022 && mkdir -p $(addprefix $(DESTDIR),$(LUADIR) $(BINDIR) $(LIBRARY) $(MANDIR) $(COMPLETIONS))
	install -m 0644 dist/pagerduty.lua $(DESTDIR)$(LUADIR)/pagerduty.lua
	install -m 0755 packaging/centreon-pagerduty $(DESTDIR)$(BINDIR)/centreon-pagerduty
	install -m 0644 dist/centreon-pagerduty.lua packaging/library/* $(DESTDIR)$(LIBRARY)
	install -m 0644 packaging/man/centreon-pagerduty.8 $(DESTDIR)$(MANDIR)
	install -m 0644 packaging/completion/centreon-pagerduty $(DESTDIR)$(COMPLETIONS)

uninstall: ## remove what install put in place
	rm -f $(DESTDIR)$(LUADIR)/pagerduty.lua $(DESTDIR)$(BINDIR)/centreon-pagerduty
	rm -f $(DESTDIR)$(MANDIR)/centreon-pagerduty.8 $(DESTDIR)$(COMPLETIONS)/centreon-pagerduty
	rm -rf $(DESTDIR)$(LIBRARY)

rock deb rpm: ## package what is in dist/ for LuaRocks, Debian and Ubuntu, EL: in build/release
	@tools/setup.sh $@
	@tools/packages/$@.sh build/release

release: setup-release ## all packages and their checksums, in build/release
	@tools/packages/release.sh build/release

version: ## carry the version of package.json to the places that must repeat it
	@tools/packages/version.sh

clean: ## remove everything built, but dist/
	rm -rf build
