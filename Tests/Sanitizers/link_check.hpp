// Reservations of a link beside an obvious implementation of them.
#pragma once

namespace sanitizers {

/// Random reservations, some of no length, each given the first free time that a look at all others finds.
void checkLinks();

}  // namespace sanitizers
