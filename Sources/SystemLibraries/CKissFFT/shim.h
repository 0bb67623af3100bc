#pragma once
#include <kiss_fftndr.h>
