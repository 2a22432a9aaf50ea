# Measuring: the laboratory, and comparisons with other arrays, each as a ratio within one run.

# Seconds of measuring: with the two small experiments before it, less than three minutes.
LAB_BUDGET = 150

experiments: build ## two small experiments, then the laboratory and its report (ARGS: a command of dynarray-lab instead)
ifdef ARGS
	$(LUA) bin/dynarray-lab $(ARGS)
else
	$(LUA) examples/article.lua
	$(LUA) examples/growth.lua
	$(LUA) bin/dynarray-lab run --brief --budget $(LAB_BUDGET)
endif

sweep-slurm: build ## a sweep of the laboratory through Slurm, on this machine (slurm-wlm, munge)
	scripts/sweep_slurm.sh $(LUA)

# Those of docs/how-arrays-grow.md; README has the first. Its answers are in answers.txt; the chapter quotes them.
pictures: build ## draw docs/pictures anew, and quote the new answers (five minutes, on an idle machine; python3-numpy, c++)
	@rm -rf build/lab/pictures
	$(LUA) bin/dynarray-lab run article --brief --output build/lab/pictures/article
	$(LUA) bin/dynarray-lab run policies --policy increment:1000,1.5,double --size 1e3,1e4,1e5,1e6 --budget 90 \
	    --brief --output build/lab/pictures/policies
	$(LUA) bin/dynarray-lab run latency --size 1e7 --budget 40 --brief --output build/lab/pictures/latency
	$(LUA) bin/dynarray-lab run memory --budget 40 --brief --output build/lab/pictures/memory
	$(LUA) bin/dynarray-lab run hierarchy --budget 40 --brief --output build/lab/pictures/hierarchy
	$(LUA) bin/dynarray-lab run versus --budget 40 --brief --output build/lab/pictures/versus
	$(LUA) bin/dynarray-lab report build/lab/pictures/*/results.jsonl --pictures docs/pictures \
	    --plot memory-resident-3000000 --plot latency-distribution-10000000 --plot policies-time-copy --plot hierarchy \
	    --plot versus-relative-20000
	$(LUA) bin/dynarray-lab report build/lab/pictures/*/results.jsonl --format answers >docs/pictures/answers.txt
	$(LUA) scripts/quotes.lua docs/pictures/answers.txt docs/how-arrays-grow.md article policies latency memory \
	    hierarchy versus

bench-access: build ## read, write, append, iteration against their floor (ARGS=--quick)
	$(LUA) bench/access.lua $(ARGS)

bench-growth: build ## appends against other arrays (ARGS: cold, warm, latency, many, again, lua)
	$(LUA) bench/growth/run.lua $(ARGS)

bench-host: build ## appends, sums, wrap, detach and check from a C program that embeds Lua
	$(LUA) bench/host/run.lua $(ARGS)

bench-lighttpd: build ## a web server's requests a second with and without examples/lighttpd
	$(LUA) bench/lighttpd.lua $(ARGS)

bench-learned: build ## what a policy that learns from the past could save
	$(LUA) bench/learned.lua $(ARGS)

bench-sequence: build ## functions of `table` on an array, beside its own methods
	$(LUA) bench/sequence.lua

check-advice: build ## is the advice of dynarray-lab right? half an hour (ARGS="--rounds 3 --final 25 --budget 40": 15 minutes)
	$(LUA) bench/advice.lua $(ARGS)

bench-file: build ## arrays that are files, against memory, fwrite, io.write, NumPy and SQLite (ROUNDS MILLIONS)
	$(LUA) bench/file/run.lua $(ARGS)

bench-watch: build ## what arrays that nobody watches pay for being watchable (counts with valgrind)
	$(LUA) bench/watch.lua $(ARGS)

bench-instructions: build ## instructions of reads, writes, appends and growths, by valgrind (ARGS: a commit to compare with)
	$(LUA) bench/instructions.lua $(ARGS)

bench-collector: build ## memory held by dropped arrays
	$(LUA) bench/collector.lua $(ARGS)

bench-programs: build ## ordinary programs with arrays, with tables and with NumPy (ARGS=--quick)
	$(LUA) bench/programs.lua $(ARGS)

bench-container: build ## whole-array operations against Lua loops and NumPy (python3-numpy)
	$(LUA) bench/container.lua $(ARGS)
