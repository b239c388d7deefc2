//! Who we are to the mail server: an account, a name and a sender's address. Whether it takes letters
//! from us at all is asked where a refusal does not tell whom it is about.
use super::{Encryption, MailError, MailSettings, PATIENCE};
use lettre::Address;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::Mail;
use lettre::transport::smtp::extension::ClientId;
use secrecy::ExposeSecret;

/// How we call on the server.
pub(super) struct Sender {
    pub(super) host: String,
    pub(super) port: u16,
    /// How we introduce ourselves.
    pub(super) name: ClientId,
    pub(super) tls: Option<TlsParameters>,
    pub(super) login: Option<Credentials>,
    encryption: Encryption,
    address: Address,
}

impl Sender {
    /// The sender of these settings, by its address.
    pub(super) fn new(settings: &MailSettings, address: &Address) -> Result<Self, MailError> {
        let host = settings.host.clone();
        let tls = match settings.encryption {
            Encryption::StartTls | Encryption::Tls => Some(TlsParameters::new(host.clone())?),
            Encryption::None => None,
        };
        let login = settings.login.as_ref().map(|(user, password)| {
            Credentials::new(user.clone(), password.expose_secret().to_owned())
        });
        Ok(Self {
            host,
            port: settings.port,
            // Some servers refuse whoever introduces itself by an address of its own machine.
            name: ClientId::Domain(address.domain().to_owned()),
            tls,
            login,
            encryption: settings.encryption,
            address: address.clone(),
        })
    }

    /// Whether the server lets us in and takes our address as a sender's.
    pub(super) async fn is_welcome(&self) -> bool {
        let Ok(mut connection) = self.connect().await else { return false };
        let is_welcome = self.introduce(&mut connection).await.is_ok();
        connection.abort().await;
        is_welcome
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, Error> {
        let server = (self.host.as_str(), self.port);
        let wrapped = self.tls.clone().filter(|_| self.encryption == Encryption::Tls);
        let patience = Some(PATIENCE);
        AsyncSmtpConnection::connect_tokio1(server, patience, &self.name, wrapped, None).await
    }

    async fn introduce(&self, connection: &mut AsyncSmtpConnection) -> Result<(), Error> {
        if let Some(tls) = self.tls.clone().filter(|_| self.encryption == Encryption::StartTls) {
            connection.starttls(tls, &self.name).await?;
        }
        if let Some(login) = &self.login {
            connection.auth(DEFAULT_MECHANISMS, login).await?;
        }
        connection.command(Mail::new(Some(self.address.clone()), Vec::new())).await?;
        Ok(())
    }
}
