# Other systems and other builds than this one: docs/platforms.md has what they showed.

check-platform: ## try another system here: TARGET=musl, arm64, s390x, armhf, windows, msvc or unix (ARGS: specs)
	@scripts/platform/check.sh '$(or $(TARGET),none)' $(ARGS)

check-builds: ## build in other ways: hardening, -O3 -flto, -O0, clang, lld, other gccs, 32 bits (ARGS: some of them)
	@LUA='$(LUA)' scripts/builds.sh $(ARGS)

check-hosts: ## load the module in programs that run Lua scripts, as they are installed here (ARGS: some of them)
	@scripts/hosts/check.sh $(ARGS)
