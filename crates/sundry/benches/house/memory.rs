//! The most memory this process has used, as Linux counts it.

/// Has the system count the most memory used from here on; gives what is in use now, in megabytes.
pub fn from_here() -> u64 {
    let _ = std::fs::write("/proc/self/clear_refs", "5");
    peak()
}

/// The most megabytes used since, the bench's own data with them; 0 where the system does not say.
pub fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let kilobytes = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB"));
    kilobytes.and_then(|kb| kb.parse::<u64>().ok()).unwrap_or(0) / 1_024
}
