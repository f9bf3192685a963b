# Targets for building, testing, trying and installing the connector. `make` lists them.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup build tools spec test lint demo sandbox docs bench chaos format clean install uninstall
.PHONY: rock deb rpm release version

LUAS := 5.1 5.3 5.4 jit
SOURCES := $(shell find src types -name '*.ts')
TOOL_SOURCES := $(shell find tools bench -name '*.ts')
SPEC_SOURCES := $(shell find spec -name '*.ts')
BIN := node_modules/.bin

# Where the broker looks for connectors on every system Centreon supports.
LUADIR := /usr/share/centreon-broker/lua
# Where packaging/centreon-pagerduty looks for its files, seen from its own folder: ../share/centreon-pagerduty.
BINDIR := /usr/bin
LIBRARY := /usr/share/centreon-pagerduty

# Where the sandbox listens.
PORT := 8080

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z -]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## install what building and testing need (Debian and npm packages)
	@tools/setup.sh

build: dist/pagerduty.lua dist/centreon-pagerduty.lua ## transpile src/ into the connector and its commands

demo: setup build tools ## play the recorded events against a sandbox PagerDuty; KEEP=1 leaves its page open
	@node build/tools/demo/main.js

sandbox: setup build/tools/.compiled ## a PagerDuty on this machine, with a page to look at (PORT=8080)
	@node build/tools/sandbox/main.js --port $(PORT)

test: setup ## everything CI runs: lint, types, specs on four Luas, contract specs
	@tools/test.sh

lint: setup ## ESLint, Prettier, luacheck, shellcheck, luarocks lint, typings against the recorded facts
	@tools/lint.sh

docs: setup build/tools/.compiled ## make docs/parameters.md from src/settings/parameters.ts
	@node build/tools/docs/main.js | $(BIN)/prettier --stdin-filepath docs/parameters.md > docs/parameters.md

bench: setup build tools spec ## what an event, a burst and the journal cost, as ratios within one run
	@node build/bench/main.js

chaos: setup build tools ## minutes of random faults, restarts and kills; at the end PagerDuty must equal Centreon
	@node build/tools/chaos/main.js

format: setup ## let Prettier rewrite the sources
	@$(BIN)/prettier --write --log-level warn .

# A failed transpilation still writes its output: remove it, so that no stale file passes for a fresh one.
dist/pagerduty.lua: $(SOURCES) package.json tsconfig.json tstl.json tools/bundle/plugin.cjs
	@$(BIN)/tstl -p tstl.json || { rm -f $@; exit 1; }
	@touch $@

dist/centreon-pagerduty.lua: $(SOURCES) package.json tsconfig.json tstl.commands.json tools/bundle/plugin.cjs
	@$(BIN)/tstl -p tstl.commands.json || { rm -f $@; exit 1; }
	@touch $@

tools: build/tools/.compiled $(LUAS:%=build/lua/%/cURL.so) $(LUAS:%=build/brokerhost-%) ## build the development tools

build/tools/.compiled: $(TOOL_SOURCES) src/settings/parameters.ts tools/tsconfig.json tools/sandbox/page/tsconfig.json
	@$(BIN)/tsc -p tools/tsconfig.json
	@$(BIN)/tsc -p tools/sandbox/page/tsconfig.json
	@touch $@

build/lua/%/cURL.so: $(wildcard tools/lcurl/*.c tools/lcurl/*.h tools/lcurl/*.sh tools/lcurl/*.lua)
	@tools/lcurl/build.sh $* $(@D)

build/brokerhost-%: $(wildcard tools/brokerhost/*.cpp tools/brokerhost/*.hpp tools/brokerhost/*.sh) spec/fixtures/events/event-fields.txt
	@tools/brokerhost/build.sh $* $@

spec: build/spec/.compiled ## compile the specs to build/spec

build/spec/.compiled: $(SOURCES) $(SPEC_SOURCES) tsconfig.json spec/tsconfig.json
	@$(BIN)/tstl -p spec/tsconfig.json
	@touch $@

install: ## put connector and program in place (DESTDIR=... for a scratch root); builds nothing
	umask 022 && mkdir -p $(DESTDIR)$(LUADIR) $(DESTDIR)$(BINDIR) $(DESTDIR)$(LIBRARY)
	install -m 0644 dist/pagerduty.lua $(DESTDIR)$(LUADIR)/pagerduty.lua
	install -m 0755 packaging/centreon-pagerduty $(DESTDIR)$(BINDIR)/centreon-pagerduty
	install -m 0644 dist/centreon-pagerduty.lua packaging/library/* $(DESTDIR)$(LIBRARY)

uninstall: ## remove what install put in place
	rm -f $(DESTDIR)$(LUADIR)/pagerduty.lua $(DESTDIR)$(BINDIR)/centreon-pagerduty
	rm -rf $(DESTDIR)$(LIBRARY)

rock deb rpm: setup build ## package for LuaRocks, Debian and Ubuntu, EL: in build/release
	@tools/packages/$@.sh build/release

release: setup build ## all packages and their checksums, in build/release
	@tools/packages/release.sh build/release

version: ## carry the version of package.json to the places that must repeat it
	@tools/packages/version.sh

clean: ## remove everything built, but dist/
	rm -rf build
