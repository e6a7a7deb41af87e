# activitylog: what there is to do here. `make help` lists it.

BIN := bin/activitylog

.PHONY: demo
demo: build ## build everything and play a day of a payments organisation
	@echo "→ starting the demo"
	@$(BIN) demo

.PHONY: build
build: ## build the binary into bin/
	@scripts/build $(BIN)

.PHONY: test
test: ## pass all the tests; says at the end what was skipped
	@scripts/test

.PHONY: check
check: ## formatting, vet, and that go.mod files are tidy
	@scripts/check

.PHONY: fuzz
fuzz: ## run each fuzz target for FUZZTIME (default 30s)
	@scripts/fuzz

.PHONY: bench
bench: ## all benchmarks, each beside its baseline: COUNT times (default 1), each for BENCHTIME (default 1s)
	@scripts/bench

.PHONY: chaos
chaos: ## kill, freeze and cut off Collectors, each test for CHAOS (default 60s)
	CHAOS=$${CHAOS:-60s} go test -count 1 -timeout 0 -v -run 'TestFaults|TestKill|TestDisk|TestPower' ./exporter/cmd/activitylog

.PHONY: soak
soak: ## load the program for SOAK (default 60s) with STORE=sqlite, postgres or clickhouse; its memory is bounded
	SOAK=$${SOAK:-60s} go test -count 1 -timeout 0 -v -run TestSoak ./exporter/cmd/activitylog

.PHONY: builder
builder: ## build a Collector of one's own with the builder, and run it once
	collector-config/build.sh

.PHONY: tidy
tidy: ## go mod tidy in every module
	@for mod in $$(go list -m -f '{{.Dir}}'); do (cd $$mod && GOWORK=off go mod tidy) || exit 1; done

.PHONY: help
help: ## this list
	@awk -F':.*## ' '/^[a-z-]+:.*## / { printf "  %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
