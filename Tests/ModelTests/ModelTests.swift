import Testing

/// Everything that runs the SystemC model. Its kernel is global to the process, so all of it runs one after the other.
@Suite(.serialized)
struct ChipModelTests {}
