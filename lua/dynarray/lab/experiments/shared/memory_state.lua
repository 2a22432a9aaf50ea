--- The parameter that says in which state memory is before a sample: dynarray.lab.run.warm_memory.
return {
  name = "memory", default = { "warm" }, quick = { "warm" },
  help = "warm: the system has given it before; cold: as it comes",
}
