#!/usr/bin/env bash
# scripts/sweep_slurm.sh LUA [DIRECTORY]: a sweep of the laboratory through Slurm itself, on this machine alone.
#
# A controller and one node on loopback, with a munge of their own, run the lines of `dynarray-lab plan` as an array job.
# One task is ended before it measures: the report has to name it, and the same job once more has to repeat that task
# and no other. The merged report must have the cases of a single run. All that the daemons write lies in DIRECTORY; they
# run as the user that calls this, and end with it.
set -euo pipefail
lua=$1
here=$(mkdir -p "${2:-build/sweep-slurm}" && cd "${2:-build/sweep-slurm}" && pwd)
PATH=$PATH:/usr/sbin

for program in munged slurmctld slurmd sbatch sinfo; do
  command -v $program >/dev/null || { echo "sweep-slurm: no $program (Debian, Ubuntu: apt-get install slurm-wlm munge)" >&2; exit 1; }
done
# what an earlier run left, and nothing else that may be in DIRECTORY
(cd "$here" && rm -rf munge state spool log out sweep single slurm.conf cases first merged alone)
mkdir -p "$here"/{munge,state,spool,log,out}
chmod 755 "$here" "$here/munge" # munged refuses a socket where others can write, and one that they cannot reach

stop() {
  local pid file
  for file in slurmd.pid slurmctld.pid munge/munged.pid; do
    pid=$(cat "$here/$file" 2>/dev/null) || continue
    kill "$pid" 2>/dev/null || continue
    for _ in $(seq 50); do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
  done
}
trap stop EXIT

host=$(hostname -s)
user=$(id -un)
umask 077
head -c 1024 /dev/urandom >"$here/munge/key"
umask 022
munged --key-file="$here/munge/key" --socket="$here/munge/socket" --pid-file="$here/munge/munged.pid" \
  --log-file="$here/munge/log" --seed-file="$here/munge/seed" --num-threads=1 --force

# linuxproc and task/none: no cgroups, so that this runs in containers, too.
cat >"$here/slurm.conf" <<CONF
ClusterName=dynarray
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=${SLURM_PORT:-16817}
SlurmdPort=$((${SLURM_PORT:-16817} + 1))
AuthType=auth/munge
AuthInfo=socket=$here/munge/socket
CredType=cred/munge
SlurmUser=$user
SlurmdUser=$user
StateSaveLocation=$here/state
SlurmdSpoolDir=$here/spool
SlurmctldPidFile=$here/slurmctld.pid
SlurmdPidFile=$here/slurmd.pid
SlurmctldLogFile=$here/log/slurmctld
SlurmdLogFile=$here/log/slurmd
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
MailProg=$(command -v true)
ReturnToService=2
SchedulerType=sched/builtin
SchedulerParameters=batch_sched_delay=0,sched_interval=1
SelectType=select/cons_tres
NodeName=$host NodeAddr=127.0.0.1 CPUs=$(nproc) State=UNKNOWN
PartitionName=lab Nodes=$host Default=YES State=UP
CONF
export SLURM_CONF=$here/slurm.conf
slurmctld -f "$SLURM_CONF"
slurmd -N "$host" -f "$SLURM_CONF"
for _ in $(seq 60); do
  sinfo --noheader --format=%t 2>/dev/null | grep -q '^idle' && break
  sleep 0.5
done
sinfo --noheader --format='%n is %t' || { tail "$here"/log/*; exit 1; }

lab() { "$lua" bin/dynarray-lab "$@"; }
what="policies article reuse --quick --size 100,1000 --policy double,1.5 --block copy --budget 0"
# shellcheck disable=SC2086
lab plan $what --output "$here/sweep" >"$here/cases"
tasks=$(wc -l <"$here/cases")
cut=2 # the task that is ended before it measures

submit() { # what the array does
  sbatch --quiet --chdir="$PWD" --array="1-$tasks" --output="$here/out/%a" --wrap="$1"
  while squeue --noheader | grep -q .; do sleep 0.2; done
}
# shellcheck disable=SC2016 # for the shell of the task
line='sed -n ${SLURM_ARRAY_TASK_ID}p '"'$here/cases'"' | sh'
echo "== $tasks tasks as an array job; task $cut is ended"
submit "test \$SLURM_ARRAY_TASK_ID = $cut && kill -9 \$\$; $line"
if lab report --plan "$here/cases" >"$here/first" 2>&1; then
  echo "sweep-slurm: the report missed that task $cut was ended" >&2
  exit 1
fi
grep "^task $cut, " "$here/first"
test "$(grep -c '^task ' "$here/first")" = 1

echo "== the same job once more"
before=$(cd "$here/sweep" && ls -l --time-style=full-iso ./*/results.jsonl)
submit "$line"
lab report --plan "$here/cases"
after=$(cd "$here/sweep" && ls -l --time-style=full-iso ./*/results.jsonl)
repeated=$(diff <(echo "$before") <(echo "$after") | grep -c '^>' || true)
test "$repeated" = 1 || { echo "sweep-slurm: $repeated tasks were repeated, not one" >&2; exit 1; }

echo "== a single run of the same"
# shellcheck disable=SC2086
lab run $what --quiet --output "$here/single"
cases() { # experiment and case, as result files have them
  "$lua" -e 'for line in io.lines() do
    local kind, experiment, id = line:match("\"kind\":\"(%a+)\""), line:match("\"experiment\":\"([^\"]*)\""), line:match("\"id\":\"([^\"]*)\"")
    if kind == "sample" then print(experiment, id) end
  end' | sort -u
}
cat "$here"/sweep/*/results.jsonl | cases >"$here/merged"
cases <"$here/single/results.jsonl" >"$here/alone"
diff "$here/merged" "$here/alone"
echo "sweep-slurm: $(wc -l <"$here/merged") cases through Slurm, the same as in a single run"
