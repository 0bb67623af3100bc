/// The exchange of two paths, which Swift's Glibc does not have.
#pragma once

/// Gives each of two paths what the other one has, at once. Returns 0, or -1 with errno: ENOSYS, EINVAL or ENOTSUP
/// where the system or the file system cannot.
int path_exchange(const char *first, const char *second);
