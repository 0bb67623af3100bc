#pragma once
// Empty on purpose: the C++ targets include <systemc> themselves, and Swift must not see C++ headers.
