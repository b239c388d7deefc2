//! A PostgreSQL server that lives as long as the value that holds it.
//!
//! It listens on loopback, on a port of its own, keeps its files in a directory of its own, and is
//! fast rather than durable. Programs are looked for in `HALLPASS_TEST_PG_BIN`, then in `PATH`, then
//! where Debian, Red Hat and Homebrew put them. PostgreSQL refuses to run as root: then it runs as
//! `postgres` or `nobody`.
use anyhow::{Context as _, Result, bail};
use ring::rand::{SecureRandom as _, SystemRandom};
use rustix::process::{Pid, Signal, kill_process};
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tokio::time::{Instant, sleep};
use url::Url;

/// How long the server may take to answer after its start; a small machine under load needs some.
const START: Duration = Duration::from_secs(30);
const LOOK_AGAIN: Duration = Duration::from_millis(50);
/// Another program may take the port between our look and the server's start.
const TRIES: usize = 3;

/// What makes the server small and fast; none of it is fit for data that matters.
const SETTINGS: [&str; 11] = [
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "max_connections=300",
    "shared_buffers=16MB",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "wal_level=minimal",
    "max_wal_senders=0",
    "log_destination=stderr",
    "logging_collector=off",
];

/// Everybody with a password. For the superuser, whose connections are many, it crosses loopback as it
/// is: to derive the proof of SCRAM takes an unoptimised build longer than the work itself.
const WHO_ENTERS: &str = "\
host all postgres 127.0.0.1/32 password
host all all 127.0.0.1/32 scram-sha-256
";

/// A running server with its superuser `postgres`; dropping it stops the server and removes its files.
pub struct ThrowAwayPostgres {
    // In this order: the files go after the server that uses them.
    _server: Server,
    _home: Home,
    port: u16,
    password: String,
}

impl ThrowAwayPostgres {
    /// Starts a server whose files are in a new directory inside `parent`; `None` where PostgreSQL's
    /// programs are not on this machine.
    ///
    /// # Errors
    ///
    /// When they are, and do not work. As root, `parent` must be open to other users, as `/tmp` is.
    pub async fn start(parent: &Path) -> Result<Option<Self>> {
        let Some(programs) = programs() else {
            return Ok(None);
        };
        let home = Home::make(parent.join(format!("hallpass-postgres-{}", random_word()?)))?;
        let password = random_word()?;
        home.init(&programs, &password).await?;
        let mut tries = 0;
        loop {
            let port = free_port()?;
            let mut server = home.launch(&programs, port)?;
            tries += 1;
            match answers(&mut server, &url(port, &password, "postgres")?).await {
                Ok(()) => return Ok(Some(Self { _server: server, _home: home, port, password })),
                Err(error) if tries == TRIES => {
                    let log = std::fs::read_to_string(home.directory.join("log"));
                    return Err(error.context(log.unwrap_or_default()));
                }
                Err(_) => {}
            }
        }
    }

    /// The address of one of its databases for the superuser.
    ///
    /// # Errors
    ///
    /// Never for an address made from these parts.
    pub fn url(&self, database: &str) -> Result<String> {
        Ok(url(self.port, &self.password, database)?.into())
    }

    /// The port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The superuser's password.
    pub fn password(&self) -> &str {
        &self.password
    }
}

/// Where one of PostgreSQL's programs is, `None` where it is not on this machine.
pub fn program(name: &str) -> Option<PathBuf> {
    programs().map(|directory| directory.join(name)).filter(|path| path.is_file())
}

/// The directory that holds `initdb` and `postgres`.
fn programs() -> Option<PathBuf> {
    let has_both = |directory: &PathBuf| {
        ["initdb", "postgres"].iter().all(|name| directory.join(name).is_file())
    };
    let named = std::env::var_os("HALLPASS_TEST_PG_BIN").map(PathBuf::from);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let in_path = std::env::split_paths(&path).find(has_both).and_then(|directory| {
        // A link into the real directory: the server looks for its parts beside itself.
        let real = directory.join("postgres").canonicalize().ok()?;
        real.parent().map(Path::to_owned)
    });
    let mut installed: Vec<_> = ["/usr/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt"]
        .iter()
        .filter_map(|root| std::fs::read_dir(root).ok())
        .flatten()
        .flatten()
        .map(|entry| entry.path().join("bin"))
        .chain([PathBuf::from("/usr/pgsql/bin"), PathBuf::from("/usr/local/pgsql/bin")])
        .collect();
    installed.sort();
    named.into_iter().chain(in_path).chain(installed.into_iter().rev()).find(has_both)
}

/// The directory of a server; removed with everything in it.
struct Home {
    directory: PathBuf,
    run_as: Option<(u32, u32)>,
}

impl Home {
    fn make(directory: PathBuf) -> Result<Self> {
        std::fs::create_dir(&directory)
            .with_context(|| format!("cannot make {}", directory.display()))?;
        let home = Self { directory, run_as: unprivileged_user()? };
        std::fs::set_permissions(&home.directory, std::fs::Permissions::from_mode(0o700))?;
        if let Some((user, group)) = home.run_as {
            chown(&home.directory, Some(user), Some(group))?;
        }
        Ok(home)
    }

    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("LC_ALL", "C").current_dir(&self.directory).stdin(Stdio::null());
        if let Some((user, group)) = self.run_as {
            command.uid(user).gid(group);
        }
        command
    }

    async fn init(&self, programs: &Path, password: &str) -> Result<()> {
        let password_file = self.directory.join("password");
        std::fs::write(&password_file, password)?;
        if let Some((user, group)) = self.run_as {
            chown(&password_file, Some(user), Some(group))?;
        }
        let done = tokio::process::Command::from(self.command(&programs.join("initdb")))
            .kill_on_drop(true)
            .args(["--pgdata=data", "--username=postgres", "--auth=scram-sha-256"])
            .args(["--encoding=UTF8", "--no-locale", "--no-sync", "--pwfile=password"])
            .output()
            .await
            .context("cannot run initdb")?;
        std::fs::remove_file(&password_file)?;
        if !done.status.success() {
            bail!("initdb failed: {}", String::from_utf8_lossy(&done.stderr));
        }
        std::fs::write(self.directory.join("data/pg_hba.conf"), WHO_ENTERS)?;
        Ok(())
    }

    fn launch(&self, programs: &Path, port: u16) -> Result<Server> {
        let log = std::fs::File::create(self.directory.join("log"))?;
        let mut command = self.command(&programs.join("postgres"));
        command.arg("-D").arg(self.directory.join("data")).arg("-p").arg(port.to_string());
        for setting in SETTINGS {
            command.arg("-c").arg(setting);
        }
        command.stdout(Stdio::null()).stderr(log);
        Ok(Server(command.spawn().context("cannot run postgres")?))
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        // Nobody is left to tell; what stays is in a directory for temporary files.
        let _ = std::fs::remove_dir_all(&self.directory);
    }
}

/// The server's process, ended at once when this goes: sessions are cut, which `SIGQUIT` means to it.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(pid) = i32::try_from(self.0.id()).ok().and_then(Pid::from_raw) {
            // It may have ended by itself.
            let _ = kill_process(pid, Signal::QUIT);
        }
        let _ = self.0.wait();
    }
}

/// Waits until the server lets us in.
async fn answers(server: &mut Server, url: &Url) -> Result<()> {
    let options: PgConnectOptions = url.as_str().parse()?;
    let options = options.disable_statement_logging();
    let give_up = Instant::now() + START;
    loop {
        if let Some(status) = server.0.try_wait()? {
            bail!("postgres ended with {status}");
        }
        match options.connect().await {
            Ok(conn) => return Ok(conn.close().await?),
            Err(error) if Instant::now() >= give_up => return Err(error.into()),
            Err(_) => sleep(LOOK_AGAIN).await,
        }
    }
}

fn url(port: u16, password: &str, database: &str) -> Result<Url> {
    let mut url = Url::parse("postgres://postgres@127.0.0.1/")?;
    let is_set = url.set_port(Some(port)).is_ok() && url.set_password(Some(password)).is_ok();
    if !is_set {
        bail!("the address of the throw-away server cannot be written");
    }
    url.path_segments_mut()
        .map_err(|()| anyhow::anyhow!("the address of the throw-away server has no path"))?
        .push(database);
    Ok(url)
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

fn random_word() -> Result<String> {
    let mut bytes = [0_u8; 12];
    SystemRandom::new()
        .fill(&mut bytes)
        .map_err(|_| anyhow::anyhow!("the machine gave no random bytes"))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// User and group to run as when we are root; `None` when we are not.
fn unprivileged_user() -> Result<Option<(u32, u32)>> {
    if !rustix::process::geteuid().is_root() {
        return Ok(None);
    }
    let passwd = std::fs::read_to_string("/etc/passwd").context("cannot read /etc/passwd")?;
    for wanted in ["postgres", "nobody"] {
        for line in passwd.lines() {
            let mut fields = line.split(':');
            if fields.next() == Some(wanted)
                && let (Some(user), Some(group)) = (fields.nth(1), fields.next())
            {
                return Ok(Some((user.parse()?, group.parse()?)));
            }
        }
    }
    bail!("running as root, and there is neither a user postgres nor nobody to run postgresql as")
}
