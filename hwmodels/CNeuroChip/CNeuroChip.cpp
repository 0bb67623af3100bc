#include "CNeuroChip.h"
