//! Which addresses are a Connector's: a token of ours goes there and nowhere else.
//!
//! The address comes with each activity. Microsoft signs it, and still the host must be one of
//! Microsoft's own, so that no token goes elsewhere whatever was signed or stored. Never
//! `*.trafficmanager.net`: anybody can register a name under it.
use url::{Host, Origin, Url};

/// The public Connector's host.
const HOST: &str = "smba.trafficmanager.net";
/// Ends of names under which only Microsoft has hosts; GCC's Connector is under the second.
const BELOW: [&str; 2] = [".botframework.com", ".teams.microsoft.com"];

/// The addresses that are trusted.
#[derive(Debug, Clone, Default)]
pub struct ServiceUrls {
    /// A Connector on this machine, over plain HTTP: a rehearsal's.
    local: Option<Origin>,
}

impl ServiceUrls {
    /// Microsoft's, and the origin of `configured` where that is on this machine.
    pub fn new(configured: &str) -> Self {
        let url = Url::parse(configured).ok().filter(is_plain_here);
        Self { local: url.map(|url| url.origin()) }
    }

    /// The address, where it is one that is trusted.
    pub fn trusted(&self, service_url: &str) -> Option<Url> {
        let url = Url::parse(service_url).ok()?;
        let is_bare = url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none();
        let is_trusted = is_microsofts(&url) || self.local.as_ref() == Some(&url.origin());
        Some(url).filter(|_| is_bare && is_trusted)
    }
}

fn is_microsofts(url: &Url) -> bool {
    let Some(Host::Domain(host)) = url.host() else { return false };
    let is_named = host == HOST || BELOW.iter().any(|end| host.ends_with(end));
    url.scheme() == "https" && url.port_or_known_default() == Some(443) && is_named
}

/// Whether an address leads to this machine only, without TLS.
pub fn is_plain_here(url: &Url) -> bool {
    let is_here = match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    };
    url.scheme() == "http" && is_here
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_goes_to_microsofts_hosts_alone() {
        let urls = ServiceUrls::new("https://smba.trafficmanager.net/teams/");
        for (url, is_trusted) in [
            ("https://smba.trafficmanager.net/emea/", true),
            ("https://smba.trafficmanager.net:443/de/", true),
            ("https://SMBA.trafficmanager.net/emea/", true),
            ("https://smba.infra.gcc.teams.microsoft.com/teams", true),
            ("https://europe.api.botframework.com/", true),
            ("https://canary.teams.microsoft.com/", true),
            ("http://smba.trafficmanager.net/emea/", false),
            ("https://smba.trafficmanager.net:8443/emea/", false),
            ("https://evil.trafficmanager.net/emea/", false),
            ("https://smba.trafficmanager.net.evil.com/", false),
            ("https://smba.trafficmanager.net./", false),
            ("https://evilbotframework.com/", false),
            ("https://botframework.com.evil.com/", false),
            ("https://u:p@smba.trafficmanager.net/", false),
            ("https://smba.trafficmanager.net@evil.com/", false),
            ("https://smba.trafficmanager.net\\@evil.com/", true),
            ("https://evil.com/?smba.trafficmanager.net", false),
            ("https://smba.trafficmanager.net/?to=evil", false),
            ("http://127.0.0.1:1/", false),
            ("smba.trafficmanager.net", false),
            ("", false),
        ] {
            assert_eq!(urls.trusted(url).is_some(), is_trusted, "{url}");
        }
    }

    #[test]
    fn a_connector_on_this_machine_is_trusted_where_it_is_the_configured_one() {
        let urls = ServiceUrls::new("http://127.0.0.1:4000/teams/");

        assert!(urls.trusted("http://127.0.0.1:4000/other/").is_some());
        assert!(urls.trusted("http://127.0.0.1:4001/teams/").is_none());
        assert!(urls.trusted("https://127.0.0.1:4000/teams/").is_none());
        assert!(ServiceUrls::new("http://example.com/").trusted("http://example.com/").is_none());
    }
}
