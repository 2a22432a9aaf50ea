# `make help` lists what can be made; what a user may set stands in mk/settings.mk. Needs GNU make, 3.81 or later.

# An empty line to GNU make. BSD's make reads the file, which says in one line what is needed.
include $(bmake:Umk/bmake.mk)

all: build

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-18s %s\n", $$1, $$2 }' Makefile $(makefiles)

include mk/settings.mk
include mk/build.mk
include mk/install.mk
include mk/check.mk
include mk/coverage.mk
include mk/bench.mk
include mk/release.mk
include mk/platforms.mk

makefiles := $(filter mk/%,$(MAKEFILE_LIST))

.PHONY: all always help $(shell sed -n 's/^\([a-z-]*\):.*\#\# .*/\1/p' $(makefiles))
.DELETE_ON_ERROR:
.SUFFIXES:

-include $(shell find build $(addsuffix /,$(OUT)) -name '*.d' 2>/dev/null)
