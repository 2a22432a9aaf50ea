#include <boost/container/vector.hpp>
#include <cstdint>
#define CONTAINER boost::container::vector<int64_t>
#include "cxx.h"
