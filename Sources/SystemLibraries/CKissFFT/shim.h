#pragma once
#include <kissfft/kiss_fftndr.h>
