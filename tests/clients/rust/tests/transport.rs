//! HTTPS with the emulator's authority, and the emulator as a proxy. The SDK's own transport trusts the public
//! authorities alone and ignores proxy variables; the SDK takes another one.

use std::error::Error;

use futures_util::TryStreamExt;
use reqwest::{Certificate, Client, Proxy, redirect::Policy, retry};
use tencentcloud_sdk::{
    BoxFuture, SdkError,
    transport::{Transport, TransportRequest, TransportResponse},
};

pub struct EmulatorTransport(Client);

impl EmulatorTransport {
    /// `ca` is what GET /_emulator/ca.pem answers; `proxy` is http://127.0.0.1:8213, or nothing.
    pub fn new(ca: &[u8], proxy: Option<&str>) -> Result<Self, Box<dyn Error + Send + Sync>> {
        let mut client = Client::builder().redirect(Policy::none()).retry(retry::never()).no_proxy();
        if let Some(url) = proxy {
            client = client.proxy(Proxy::all(url)?);
        }
        Ok(Self(client.add_root_certificate(Certificate::from_pem(ca)?).build()?))
    }
}

impl Transport for EmulatorTransport {
    fn send(&self, request: TransportRequest) -> BoxFuture<'_, Result<TransportResponse, SdkError>> {
        let call = self.0.request(request.method, request.uri.to_string()).headers(request.headers).body(request.body);
        Box::pin(async move {
            let answer = call.send().await.map_err(transport_error)?;
            Ok(TransportResponse {
                status: answer.status(),
                headers: answer.headers().clone(),
                body: Box::pin(answer.bytes_stream().map_err(transport_error)),
            })
        })
    }
}

fn transport_error(error: reqwest::Error) -> SdkError {
    SdkError::Transport(Box::new(error))
}
