# Other systems and other builds than this one: docs/platforms.md has what they showed.

check-platform: ## try another system here: TARGET=musl, arm64, s390x, armhf or windows (ARGS: specs)
	@scripts/platform/check.sh '$(or $(TARGET),none)' $(ARGS)
