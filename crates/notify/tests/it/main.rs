#[cfg(test)]
mod confidential;
#[cfg(test)]
mod facts;
#[cfg(test)]
mod fixture;
#[cfg(test)]
mod headers;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod html;
#[cfg(test)]
mod smtp;
#[cfg(test)]
mod spool;
#[cfg(test)]
mod text;
#[cfg(test)]
mod tls;
