#include <absl/container/inlined_vector.h>
#include <cstdint>
/* One element inline, the least that it takes. */
#define CONTAINER absl::InlinedVector<int64_t, 1>
#include "cxx.h"
