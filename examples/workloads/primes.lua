-- The primes below a limit: one array that grows for as long as the program runs, beside a sieve of known size.
local LIMIT = tonumber(os.getenv "PRIMES_BELOW") or 1500000

return function(new)
  local composite = new { type = "uint8" }
  composite:resize(LIMIT)
  local primes = new "int32"
  for n = 2, LIMIT do
    if composite[n] == 0 then
      primes:append(n)
      for multiple = n * n, LIMIT, n do
        composite[multiple] = 1
      end
    end
  end
  return #primes, primes[#primes]
end
