#include <cstdint>
#include <vector>
#define CONTAINER std::vector<int64_t>
#include "cxx.h"
