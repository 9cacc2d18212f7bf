# Thin on purpose: what a target does stands in the script it calls, which can also be run by itself.
.PHONY: demo test check bench soak fmt

demo: ## build, make the demonstration province, serve it (JIEDUI_LISTEN changes the address)
	cargo build --release -p jiedui
	exec "$${CARGO_TARGET_DIR:-target}/release/jiedui" demo --data data/demo --listen "$${JIEDUI_LISTEN:-127.0.0.1:8080}"

test: ## everything: unit tests, both database engines, browser
	scripts/test.sh

check: ## format, lints, licences, unused dependencies, spelling
	scripts/check.sh

bench: ## speed and size, as Markdown tables
	bench/run.sh
	bench/matching.sh 20
	bench/figures.sh
	bench/ledger.sh
	bench/writes.sh

soak: ## hours: the server and the database killed a thousand times each, two servers of which one dies, the open interface
	cargo build --release -p jiedui
	scripts/api.sh "$${CARGO_TARGET_DIR:-target}/release/jiedui" 10000
	scripts/nodes.sh "$${CARGO_TARGET_DIR:-target}/release/jiedui" 100
	scripts/kills.sh "$${CARGO_TARGET_DIR:-target}/release/jiedui" 1000

fmt: ## rewrite the tree in the house format
	cargo fmt --all
