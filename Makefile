# The commands of this repository. `make` lists them.
#
# The toolchain is the one go.work names, whatever Go is installed: an older Go
# fetches it. The workspace is always this one.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help demo test sim lint fmt fuzz kill planted bench profile surface format tidy vet static installed pictures bin/staticcheck bin/golangci-lint

KILLS ?= 200

export GOTOOLCHAIN := auto
export GOWORK := $(CURDIR)/go.work
export GOFLAGS := -buildvcs=false

gofmt = "$$(go env GOROOT)/bin/gofmt"
simulate = -run '^TestSimulatedPipelinesLoseNothing$$' ./ergontest
SEEDS ?= 20000
comma := ,
# tune builds in seconds; what needs a database is in bench alone.
tune = $(if $(filter queue orders,$(subst $(comma), ,$(SCENARIO))),bench,tune)
modules = $$(go list -m -f '{{.Dir}}')

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' Makefile

demo: ## run the orders job, with nothing to set up; OBSERVE=1 shows all that happens, live, in logs and in traces
	@go run ./examples/orders $(if $(OBSERVE),-n 50000 -observe "$$(mktemp -d)")

test: format tidy vet static installed ## everything that must hold: format, tidy, vet, staticcheck, all tests under the race detector
	@echo '== tests'
	@CGO_ENABLED=1 go run ./internal/house/cmd/tally -race -vet=off -ldflags=-w work -- $(simulate)

sim: ## simulate our pipelines, as many seeds as SEEDS=1000000 says
	@ERGON_SEEDS=$(SEEDS) go test -count=1 -v -timeout 24h $(simulate)

lint: bin/golangci-lint ## golangci-lint; its first build takes minutes
	@GOWORK=off go -C tools/lint mod tidy -diff
	@for dir in $(modules); do echo "== golangci-lint $$dir"; (cd "$$dir" && "$(CURDIR)/bin/golangci-lint" run ./...); done

fmt: ## format all Go files
	@$(gofmt) -w .

fuzz: FUZZTIME ?= 10s
fuzz: ## run every fuzz target for 10 seconds, or as long as FUZZTIME=1h says
	@{ grep -rEo --include='*_test.go' '^func Fuzz[A-Za-z0-9_]+' . || true; } | sort | sed 's/:func / /' | while read -r file target; do \
		echo "== $$target in $$(dirname "$$file")"; \
		go test -timeout 0 -run '^$$' -fuzz "^$$target\$$" -fuzztime "$(FUZZTIME)" -fuzzminimizetime 1s "$$(dirname "$$file")" || exit 1; \
	done

kill: ## kill processes at random moments and look for what they lost; as often as KILLS=25000 says
	@ERGON_KILLS=$(KILLS) go test -count=1 -timeout 0 -v -run '^TestKilled' ./connector/sqlite ./sink ./examples/orders | grep -v '^=== '

planted: ## switch on the planted bugs one by one, and say what finds each; those that BUGS=pattern matches
	@ERGON_BUGS='$(BUGS)' go test -count=1 -v -run '^TestPlantedBugsAreFound$$' ./internal/planted | grep -v '^ *=== \|^ *--- PASS'

bench: ## ergon beside its peers, against its goals; QUICK=1 for a first look, SCENARIO=P1,cpu ROUNDS=10 for some of it
ifndef SCENARIO
	@echo '== checks, under the race detector'
	@CGO_ENABLED=1 go test -race -timeout 10m ./bench/...
	@echo '== bench'
endif
	@go run ./bench/cmd/$(if $(SCENARIO),$(tune),bench) $(if $(QUICK),-quick) $(if $(ROUNDS),-rounds $(ROUNDS)) $(if $(SCENARIO),-scenario $(SCENARIO)) $(if $(QUICK)$(SCENARIO),,-report docs)

profile: ## profiles of a scenario in bin/profile, as SCENARIO=ordered says
	@go run ./bench/cmd/$(tune) -profile bin/profile -scenario $(or $(SCENARIO),one-stage)

pictures: ## make the pictures of the live view in docs again; needs chromium and tmux
	@ERGON_CI=1 ERGON_PICTURES='$(CURDIR)/docs' go test -count=1 -run '^(TestTheTerminalShowsARun|TestThePageShowsARun)$$' ./live/screens

surface: ## rewrite the snapshot of the public surface
	@go test ./internal/house -run '^TestSurface$$' -update

format:
	@echo '== format'
	@files=$$($(gofmt) -l .); if [ -n "$$files" ]; then echo "not formatted, run make fmt:"; echo "$$files"; exit 1; fi

tidy:
	@echo '== tidy'
	@for dir in $(modules) "$(CURDIR)/tools"; do \
		GOWORK=off go -C "$$dir" mod tidy -diff || { echo "run go mod tidy in $$dir"; exit 1; }; \
	done

# Vet and staticcheck need what the tests are built of, and have it built the same
# way, under the race detector: building all of it twice would take minutes. So the
# tests need no vet of their own. A compiler that collects its garbage less often is a
# fifth quicker, and a linker that leaves out what only debuggers read still more.
vet:
	@echo '== vet'
	@CGO_ENABLED=1 GOGC=400 go vet -race work

static: bin/staticcheck
	@echo '== staticcheck'
	@CGO_ENABLED=1 GOGC=400 GOFLAGS='$(GOFLAGS) -race' bin/staticcheck work

# CI installs what some tests need while the code is looked at, and says here how that
# has ended; see .ci/run.
installed:
	@if [ -n "$${ERGON_INSTALLED:-}" ]; then \
		echo '== what CI installs'; \
		until [ -e "$$ERGON_INSTALLED" ]; do sleep 0.2; done; \
		[ "$$(cat "$$ERGON_INSTALLED")" = 0 ] || { cat "$$ERGON_INSTALLED.log"; exit 1; }; \
	fi

# Tools are built outside the workspace, with the versions of their own modules.
bin/staticcheck:
	@GOWORK=off go -C tools build -o ../bin/ tool

bin/golangci-lint:
	@GOWORK=off go -C tools/lint build -o ../../bin/ tool
