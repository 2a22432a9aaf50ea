--- Measures what a plan says: rounds in which each unfinished case gets one sample, in random order, so that a machine
-- that drifts hits all alike.
--
-- The first round tells what a sample of each case costs. If the budget has no time for enough samples of all, the last
-- cases of each experiment are dropped, and named in the results: a time that was measured once says nothing.
local child = require "dynarray.lab.run.child"
local dynarray = require "dynarray"
local environment = require "dynarray.lab.run.environment"
local plan = require "dynarray.lab.run.plan"
local results = require "dynarray.lab.run.results"
local resume = require "dynarray.lab.run.resume"
local statistics = require "dynarray.lab.statistics"
local steady = require "dynarray.lab.run.steady"
local warm = require "dynarray.lab.run.warm_memory"
local writer = require "dynarray.lab.run.writer"

local runner = {}

local WARM_UP_SECONDS = 0.1 -- a first sample that took less is not kept: caches and predictors were cold
local RECHECK = 1.1         -- an interval is looked at again when there are so many times the samples
local PLANNED = 1.02        -- of the budget: what the samples that are wanted may take, as the first round tells it
local PLANNED_NEEDED = 1.1  -- the same where the answer needs all that is left
local FINALISTS = 3         -- arms of a race that are never given up for lack of time
local NEEDED = 8            -- so many times the time of another is spent on a case that the answer needs
local FIRST = 0.35          -- of the budget: until then, cases get their first sample; there are nine more to come
local FIRST_OF_RACE = 0.5   -- the same for a race that may end early
local MOST = 1.15           -- of the budget: until then, cases get the samples that are wanted

local function now()
  return dynarray.probe.clock() / 1e9
end

--- Whether it is an error of Ctrl-C: Lua's own handler raises this, behind a place or another message.
function runner.is_interrupt(message)
  return type(message) == "string" and message:find("interrupted!$") ~= nil
end

-- -------------------------------------------------------------------------------------------------------------------
-- When a case is done

-- The metric whose interval decides: the one that is called main, or the first of which less, or more, is better.
local function main_metric(run)
  local first
  for _, metric in ipairs(run.metrics) do
    if metric.main then
      return metric.name
    elseif metric.better and not metric.exact then
      first = first or metric.name
    end
  end
  return first
end

local function is_narrow(entry, metric, width)
  local values = {}
  for _, sample in ipairs(entry.samples) do
    values[#values + 1] = sample.metrics[metric]
  end
  if #values == 0 then
    return true
  end
  local low, high = statistics.interval(values)
  return high - low <= width * math.abs(statistics.median(values))
end

-- The samples that each case wants.
local function least_samples(state, case)
  return case.once and 1 or state.module.race and state.module.race.least or statistics.enough
end

local function is_done(state, case)
  local entry = case.entry
  local n = #entry.samples
  if entry.error or entry.dropped then
    return true
  elseif n < least_samples(state, case) then
    return false
  elseif case.once or case.is_out or not state.metric and n >= statistics.enough then
    return true
  elseif n < statistics.enough then
    return false
  elseif not case.narrow and n >= (case.checked or 0) * RECHECK then
    case.checked = n
    case.narrow = is_narrow(entry, state.metric, state.width)
  end
  return case.narrow or false
end

-- -------------------------------------------------------------------------------------------------------------------
-- One sample

local function warm_for(state, case)
  local touches = state.module.touches
  if touches and case.case.memory ~= "cold" then
    warm.memory(touches(case.case, case.entry))
  end
end

local function fresh_sample(session, state, case, best)
  warm_for(state, case)
  return child.sample(state.module, case.case, session.timeout, best)
end

local function measure(session, state, case)
  if state.module.fresh and session.steady and not case.once then
    -- The first samples of a race only tell which arms are worth more of its time.
    local race = state.module.race
    local least = race and race.ranked and race.least or 0
    return session.steady:sample(function(best) return fresh_sample(session, state, case, best) end, function()
      return #case.entry.samples >= least and now() < session.start + session.budget
    end)
  elseif state.module.fresh then
    return fresh_sample(session, state, case)
  end
  warm_for(state, case)
  collectgarbage() -- what the case before left behind is not this one's
  return child.measure(state.module, case.case)
end

local function checked_metrics(run, metrics)
  local declared, checked = {}, {}
  for _, metric in ipairs(run.metrics) do
    declared[metric.name] = true
  end
  if type(metrics) ~= "table" then
    error(("measured a %s, expected a table of metrics"):format(type(metrics)), 0)
  end
  for name, value in pairs(metrics) do
    if not declared[name] then
      error(("measured '%s', which is not among the metrics"):format(tostring(name)), 0)
    elseif type(value) ~= "number" then
      error(("metric '%s' is a %s, expected a number"):format(name, type(value)), 0)
    end
    checked[name] = results.number(value)
  end
  return checked
end

-- A sample or, where the case fails, the error in its place. Round 0 warms up.
-- @return whether anything was recorded
local function sample(session, state, case, round)
  local before = now()
  local ok, answer = pcall(function()
    local got = measure(session, state, case)
    return { round = round, seconds = results.number(got.seconds), metrics = checked_metrics(state.run, got.metrics),
      series = got.series, again = got.again, slow = got.slow }
  end)
  case.cost = now() - before
  state.cost = state.cost + case.cost
  state.measured = state.measured + 1
  if not ok and runner.is_interrupt(answer) then
    error(answer, 0)
  elseif not ok then
    case.entry.error = tostring(answer)
    if session.writer then
      session.writer:error(state.run, case.entry)
    end
  elseif round == 0 and answer.seconds < WARM_UP_SECONDS then
    return false
  else
    answer.round = math.max(round, 1)
    results.add_sample(state.run, case.entry, answer)
    if session.writer then
      session.writer:sample(state.run, case.entry, answer)
    end
  end
  return true
end

-- -------------------------------------------------------------------------------------------------------------------
-- Progress

-- Samples that are still wanted in any case, and of those the ones of cases without any.
local function wanted_samples(state)
  local wanted, first = 0, 0
  for _, case in ipairs(state.cases) do
    if not is_done(state, case) then
      wanted = wanted + math.max(1, least_samples(state, case) - #case.entry.samples)
      first = first + (#case.entry.samples == 0 and 1 or 0)
    end
  end
  return wanted, first
end

-- Left is the rest of the budget: cases are measured again until it is used, or all are done. It is more if the first
-- samples take more, and less if all that is left are cases which are measured once.
local function tell(session, state)
  if not session.on_progress then
    return
  end
  local done, wanted, first_seconds, repeats = 0, 0, 0, false
  for _, one in ipairs(session.states) do
    for _, case in ipairs(one.cases) do
      done = done + #case.entry.samples
    end
    local more, first = wanted_samples(one)
    wanted = wanted + more
    first_seconds = first_seconds + first * (one.measured > 0 and one.cost / one.measured or 0)
    repeats = repeats or more > 0 and (one.measured == 0 or not one.single)
  end
  local seconds = now() - session.start
  session.on_progress {
    experiment = state.run.experiment, done = done, total = done + wanted, seconds = seconds,
    seconds_left = math.max(first_seconds, repeats and session.budget - seconds or 0),
  }
end

-- -------------------------------------------------------------------------------------------------------------------
-- Rounds

-- Whether a case gets a sample in this round. Without a budget, each case is measured once.
local function is_wanted(session, state, case, deadline)
  local samples = case.entry.samples
  if #samples == 0 then
    return not session.drops or case.once or case.needed or now() < state.first_deadline
  elseif samples[#samples].round >= state.round then
    return false
  end
  return now() < deadline or session.drops and #samples < least_samples(state, case)
    and now() < session.start + session.budget * MOST
end

local function drop(session, state, case)
  case.entry.dropped, session.has_dropped = true, true
  if session.writer then
    session.writer:dropped(state.run, case.entry)
  end
end

local function running_cases(state)
  local running = {}
  for _, case in ipairs(state.cases) do
    local entry = case.entry
    local is_running = #entry.samples > 0 and not entry.error and not case.is_out and not entry.dropped
    running[#running + 1] = is_running and case or nil
  end
  return running
end

local function entries_of(cases)
  local entries = {}
  for i, case in ipairs(cases) do
    entries[i] = case.entry
  end
  return entries
end

-- What a sample of the case costs; what a resumed run kept counts as it was.
local function cost_of(case)
  local last = case.entry.samples[#case.entry.samples]
  return math.max(case.cost or 0, last and last.seconds or 0)
end

-- When the arms that are left in a race have had their share of its time, of `left` seconds from now on. It is halved
-- so often until the finalists are left, and these have a share, too.
local function end_of_share(arms, left)
  local halvings = math.ceil(math.log(math.max(arms / FINALISTS, 1), 2))
  return now() + left / (halvings + 1)
end

-- Where there is no time for enough samples of all that are left in a race, the least promising are given up, half of
-- them at once at most, and each time after an equal share of the time: Karnin, Koren and Somekh, "Almost Optimal
-- Exploration in Multi-Armed Bandits", ICML 2013.
local function halve(session, state)
  local cases, by_entry, seconds, round_seconds = running_cases(state), {}, 0, 0
  for _, case in ipairs(cases) do
    by_entry[case.entry] = case
    seconds = seconds + math.max(statistics.enough - #case.entry.samples, 0) * cost_of(case)
    round_seconds = round_seconds + cost_of(case)
  end
  local left = session.start + session.budget * PLANNED - now()
  if #cases <= FINALISTS or seconds <= left or now() + round_seconds / 2 < state.share_end then
    return
  end
  local ranked = state.module.race.ranked(entries_of(cases))
  local kept = #ranked
  while kept > math.max(#ranked // 2, FINALISTS) and seconds > left do
    local case = by_entry[ranked[kept]]
    seconds = seconds - math.max(statistics.enough - #case.entry.samples, 0) * cost_of(case)
    drop(session, state, case)
    kept = kept - 1
  end
  state.share_end = end_of_share(kept, left)
end

-- Tells the module of a race which cases are certainly worse than others: they get no more samples.
local function race(session, state)
  local module_race = state.module.race
  if not (module_race and module_race.losers) then
    return
  end
  local out, decided = module_race.losers(entries_of(running_cases(state)))
  for _, case in ipairs(state.cases) do
    case.is_out = case.is_out or out[case.entry]
  end
  state.decided = decided
  if module_race.ranked and session.drops and not decided then
    halve(session, state)
  end
end

-- First samples are taken in the order of the list, so that the last ones are those that there is no time for.
local function order_of(session, state, round)
  if round <= 1 and session.drops and not state.single then
    return state.cases
  end
  return plan.round(session.seed, state.run.experiment, round, state.cases)
end

local function round_of(session, state, deadline)
  state.round = state.round + 1
  for _, case in ipairs(order_of(session, state, state.round)) do
    if not is_done(state, case) and is_wanted(session, state, case, deadline) then
      sample(session, state, case, state.round)
      tell(session, state)
    end
  end
  race(session, state)
end

local function warm_up(session, state)
  if state.module.fresh or state.single then
    return
  end
  for _, case in ipairs(order_of(session, state, 0)) do
    local is_new = #case.entry.samples == 0 and not case.entry.error
    if is_new and is_wanted(session, state, case) and sample(session, state, case, 0) then
      tell(session, state)
    end
  end
end

local function is_finished(state)
  if state.decided then
    return true
  end
  for _, case in ipairs(state.cases) do
    if not is_done(state, case) then
      return false
    end
  end
  return true
end

-- What a round of the cases that are left costs.
local function seconds_of_round(state)
  local seconds = 0
  for _, case in ipairs(state.cases) do
    seconds = seconds + (is_done(state, case) and 0 or cost_of(case))
  end
  return seconds
end

-- What the samples that a case still wants will cost.
local function need_of(state, case)
  local missing = is_done(state, case) and 0 or math.max(least_samples(state, case) - #case.entry.samples, 0)
  return missing * (case.cost or 0)
end

local function need(state)
  local seconds = 0
  for _, case in ipairs(state.cases) do
    seconds = seconds + need_of(state, case)
  end
  return seconds
end

-- Whether its race gives arms up by itself.
local function is_ranked(state)
  return state.module.race and state.module.race.ranked
end

-- The last case of an experiment that still wants samples and that the answer does not need; else the one that costs
-- most. Also returns what the samples will cost; nil if there is no such case.
local function last_wanting(state)
  local found, most
  for k = #state.cases, 1, -1 do
    local case, cost = state.cases[k], need_of(state, state.cases[k])
    if cost > 0 and not case.needed then
      return case, cost
    elseif cost > (most or 0) then
      found, most = case, cost
    end
  end
  return found, most
end

-- The case to be dropped next: of the last ones of all experiments that which costs most. What an answer needs counts
-- as if it cost less.
local function next_to_drop(session)
  local found, most
  for _, state in ipairs(session.states) do
    local case, cost = last_wanting(state)
    if case and not is_ranked(state) then
      local weight = case.needed and cost / NEEDED or cost
      if not most or weight >= most then
        found, most = { state = state, case = case }, weight
      end
    end
  end
  return found
end

-- What the samples will cost that cases still want because an answer needs them; and the dearest of these cases.
local function need_of_answers(session)
  local total, found, most = 0, nil, 0
  for _, state in ipairs(session.states) do
    for _, case in ipairs(state.cases) do
      local cost = case.needed and not is_ranked(state) and need_of(state, case) or 0
      total = total + cost
      if cost > 0 and cost >= most then
        found, most = { state = state, case = case }, cost
      end
    end
  end
  return total, found
end

-- Drops what there is no time for. Where there is no time even for all that the answers need, the dearest of it goes
-- first: it would take the time of many others, and be dropped all the same.
local function drop_cases(session)
  local total = 0
  for _, state in ipairs(session.states) do
    for _, case in ipairs(state.cases) do
      if #case.entry.samples == 0 and not case.entry.error then
        drop(session, state, case)
      end
      total = total + (is_ranked(state) and 0 or need_of(state, case))
    end
  end
  local function left(share)
    return math.max(session.start + session.budget * share - now(), 0)
  end
  local function give_up(one)
    total = total - need_of(one.state, one.case)
    drop(session, one.state, one.case)
  end
  local needed, dearest = need_of_answers(session)
  while needed > left(PLANNED_NEEDED) do
    give_up(dearest)
    needed, dearest = need_of_answers(session)
  end
  while total > left(PLANNED) do
    local next_one = next_to_drop(session)
    if not next_one or next_one.case.needed and total <= left(PLANNED_NEEDED) then
      break
    end
    give_up(next_one)
  end
  if session.has_dropped then
    tell(session, session.states[#session.states])
  end
end

local function wants_more(session, state, deadline)
  if is_finished(state) then
    return false
  elseif now() < deadline then
    return true
  end
  return session.drops and now() < session.start + session.budget * MOST and need(state) > 0
end

-- Shares what is left of the budget by what a round of each experiment costs. What one does not use is left to those
-- after it.
local function spend(session)
  for i, state in ipairs(session.states) do
    local left = session.start + session.budget - now()
    local cost = 0
    for j = i, #session.states do
      cost = cost + (is_finished(session.states[j]) and 0 or session.states[j].round_cost)
    end
    local deadline = now() + left * (cost > 0 and state.round_cost / cost or 0)
    while wants_more(session, state, deadline) do
      round_of(session, state, deadline)
    end
  end
end

-- What is told before the first sample. All of the budget is used, unless nothing is measured more than once.
local function start(session, on_start)
  local cases, timed = 0, false
  for _, state in ipairs(session.states) do
    cases = cases + #state.cases
    timed = timed or not state.single
  end
  on_start { experiments = #session.states, cases = cases, seconds = timed and session.budget or 0 }
end

-- The time for first samples is shared by the number of cases. What is not used is left to those after it.
local function set_first_deadline(session, k)
  local state, cases = session.states[k], 0
  for i = k, #session.states do
    cases = cases + #session.states[i].cases
  end
  local share = state.module.race and state.module.race.ends_early and FIRST_OF_RACE or FIRST
  local left = session.start + session.budget * share - now()
  state.first_deadline = now() + left * #state.cases / math.max(cases, 1)
end

local function measure_all(session)
  for k, state in ipairs(session.states) do
    set_first_deadline(session, k)
    state.share_end = end_of_share(#state.cases, session.start + session.budget - now())
    tell(session, state)
    warm_up(session, state)
    round_of(session, state, session.start + session.budget)
  end
  if session.drops then
    drop_cases(session)
  end
  for _, state in ipairs(session.states) do
    state.round_cost = seconds_of_round(state)
  end
  spend(session)
end

-- -------------------------------------------------------------------------------------------------------------------
-- Sessions

local function state_of(all, planned, width)
  local run = results.add_run(all, planned)
  local state = { module = planned.module, run = run, width = width, cost = 0, measured = 0, round = 0, cases = {} }
  state.metric = main_metric(run)
  state.single = true
  local has_needed = false
  for i, entry in ipairs(run.cases) do
    local once = results.is_once(run, planned.module, planned.cases[i].case)
    local needed = planned.module.needed and planned.module.needed(planned.cases[i].case) or false
    has_needed = has_needed or needed
    state.cases[i] = { case = planned.cases[i].case, entry = entry, once = once, needed = needed }
    state.single = state.single and once
    for _, kept in ipairs(entry.samples) do
      state.round = math.max(state.round, kept.round)
    end
  end
  if not has_needed and state.cases[1] then
    state.cases[1].needed = true -- without it there is nothing to say
  end
  return state
end

--- Measures; see lab.run.
function runner.run(options)
  local built = plan.build(options)
  local all, kept
  if options.keep and options.output then
    all = resume.complete(options.output, built)
    if all then
      return all
    end
  end
  if options.output then
    all, kept = resume.from(options.output, built)
  end
  local is_resumed = all ~= nil
  all = all or results.new()
  all.kept = kept
  for _, name in ipairs { "seed", "quick", "all", "budget", "command" } do
    all[name] = built[name]
  end
  all.interrupted = false
  results.add_environment(all, environment.read())
  local session = { seed = built.seed, budget = built.budget, timeout = options.timeout,
    on_progress = options.on_progress, states = {}, start = now(), drops = built.budget > 0 and not built.quick }
  session.steady = session.drops and steady.new() or nil
  for i, run in ipairs(built.runs) do
    session.states[i] = state_of(all, run, built.width)
  end
  if is_resumed then
    all.notes[#all.notes + 1] = "an interrupted run was resumed"
  end
  session.writer = options.output and writer.new(options.output, all)
  if options.on_start then
    start(session, options.on_start)
  end
  local ok, message = pcall(measure_all, session)
  if not ok and not runner.is_interrupt(message) then
    if session.writer then
      session.writer:close()
    end
    error(message, 0)
  end
  all.interrupted = not ok
  if session.writer then
    session.writer:finish(now() - session.start, all.interrupted)
  end
  return all
end

return runner
