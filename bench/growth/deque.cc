#include <cstdint>
#include <deque>
#define CONTAINER std::deque<int64_t>
#include "cxx.h"
