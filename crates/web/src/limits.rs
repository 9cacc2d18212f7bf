//! Every limit of the server in one place. A limit refuses at once; nothing waits in a queue for a place.

use std::time::Duration;

/// Workbooks: 20 MB holds more rows than the reader takes.
pub const UPLOAD_BYTES: usize = 20 * 1024 * 1024;

/// What a client may cost. Tests shorten the times.
#[derive(Debug, Clone)]
pub struct Limits {
    /// From the first byte of a head (or, on a new connection, from its opening) to its end.
    pub head_time: Duration,
    pub head_bytes: usize,
    /// How long a connection may lie idle between two requests. Longer than the sixty seconds for which proxies keep
    /// theirs, so that it is the proxy that lets go and no request is sent into a closing connection.
    pub idle_time: Duration,
    /// Forms without a file: far above any form we have.
    pub form_bytes: usize,
    pub form_time: Duration,
    pub upload_bytes: usize,
    pub upload_time: Duration,
    /// After this time a body must have come at `least_speed` (bytes a second) on average.
    pub slow_after: Duration,
    pub least_speed: u32,
    /// From a received request to its answer, waiting for slow work included. A commit under way is not interrupted.
    pub work_time: Duration,
    /// What takes longer is told in the log.
    pub slow_request: Duration,
    /// How long a client may take no byte of an answer.
    pub stall_time: Duration,
    /// Requests that are open at one time: in all, and of one address.
    pub open: Places,
    /// Of these, requests whose body is still under way. Fewer, so that slow bodies never keep a page waiting.
    pub receiving: Places,
    /// Of these, files: in all, and of one account. They bound the memory that uploads take.
    pub uploads: Places,
    /// Requests of programs that are answered at one time: in all, and by tokens of one account. Each holds a connection to the
    /// database, of which pages need most.
    pub programs: Places,
    /// Connections in all, and of one address. An office behind one address has a few dozen people in it.
    pub connections: Places,
    /// So many wrong guesses of a secret by one address in this time are answered: of the check code of a paper.
    pub guesses: u32,
    pub guess_time: Duration,
    /// Clients of this machine are not counted by address: behind a proxy all of them are the proxy, which has limits by
    /// address of its own. The limits in all hold for everybody.
    pub spare_loopback: bool,
    /// A refused sign-in is answered so long after it was received, so that the time tells nothing.
    pub refusal_time: Duration,
    /// How long the stop waits for what is under way.
    pub drain_time: Duration,
    /// What a client that was refused is told to wait, in seconds.
    pub retry_after: u32,
}

/// How many may be inside, in all and under one key.
#[derive(Debug, Clone, Copy)]
pub struct Places {
    pub all: usize,
    pub each: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head_time: Duration::from_secs(10),
            head_bytes: 64 * 1024,
            idle_time: Duration::from_secs(75),
            form_bytes: 256 * 1024,
            form_time: Duration::from_secs(30),
            upload_bytes: UPLOAD_BYTES,
            upload_time: Duration::from_secs(300),
            slow_after: Duration::from_secs(10),
            least_speed: 1024,
            work_time: Duration::from_secs(60),
            slow_request: Duration::from_secs(2),
            stall_time: Duration::from_secs(30),
            open: Places { all: 512, each: 128 },
            receiving: Places { all: 128, each: 32 },
            uploads: Places { all: 8, each: 2 },
            programs: Places { all: 4, each: 2 },
            connections: Places { all: 2_000, each: 256 },
            guesses: 20,
            guess_time: Duration::from_secs(600),
            spare_loopback: true,
            refusal_time: Duration::from_millis(500),
            drain_time: Duration::from_secs(10),
            retry_after: 10,
        }
    }
}

/// Descriptors kept free for the database, its files and the log.
const SPARE_DESCRIPTORS: usize = 128;

impl Limits {
    /// The limits for this process: no more connections than the system lets it open. A server that runs out of
    /// descriptors cannot even refuse.
    pub fn of_this_process() -> Self {
        let mut limits = Self::default();
        let described = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
        if let Some(most) = open_files(&described) {
            limits.connections.all =
                limits.connections.all.min(most.saturating_sub(SPARE_DESCRIPTORS).max(SPARE_DESCRIPTORS));
        }
        limits
    }
}

/// The soft limit of open files, as the kernel describes it.
fn open_files(described: &str) -> Option<usize> {
    let line = described.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_soft_limit_is_read() {
        let described = "Limit   Soft Limit  Hard Limit  Units\nMax open files            1024                 524288               files     \n";
        assert_eq!(open_files(described), Some(1024));
        assert_eq!(open_files("Max open files  unlimited unlimited files"), None);
        assert_eq!(open_files(""), None);
    }

    #[test]
    fn slow_bodies_leave_room_for_pages() {
        let limits = Limits::default();
        assert!(limits.uploads.all < limits.receiving.all && limits.receiving.all < limits.open.all);
        assert!(limits.receiving.each < limits.open.each && limits.open.each < limits.open.all);
        assert!(limits.programs.each < limits.programs.all && limits.programs.all < limits.open.each);
    }
}
