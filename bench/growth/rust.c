#define ARM_EXTERN
#include "driver.h"
