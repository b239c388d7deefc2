//! A zip archive whose files are stored as they are (PKWARE's APPNOTE, 4.3): three small files, of
//! which the two pictures are compressed already. Dates are left at the format's beginning, so that
//! the same files make the same archive.

/// The version that is needed to read it: 1.0, nothing but stored files.
const VERSION: u16 = 10;
/// 1 January 1980, the first day that can be written.
const DATE: u16 = 0x21;

/// A file of the archive: its name and what is in it.
pub(super) type Entry<'a> = (&'a str, &'a [u8]);

/// The archive's bytes; none where something is too large for the format.
pub(super) fn zipped(entries: &[Entry<'_>]) -> Option<Vec<u8>> {
    let (mut archive, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in entries {
        let at = u32::try_from(archive.len()).ok()?;
        let head = head(name, content)?;
        archive.extend_from_slice(b"PK\x03\x04");
        archive.extend_from_slice(&head);
        archive.extend_from_slice(name.as_bytes());
        archive.extend_from_slice(content);
        directory.extend_from_slice(b"PK\x01\x02");
        directory.extend_from_slice(&VERSION.to_le_bytes());
        directory.extend_from_slice(&head);
        // No comment, first disk, no attributes.
        directory.extend_from_slice(&[0; 10]);
        directory.extend_from_slice(&at.to_le_bytes());
        directory.extend_from_slice(name.as_bytes());
    }
    let count = u16::try_from(entries.len()).ok()?.to_le_bytes();
    let (at, length) = (u32::try_from(archive.len()).ok()?, u32::try_from(directory.len()).ok()?);
    archive.extend_from_slice(&directory);
    archive.extend_from_slice(b"PK\x05\x06\0\0\0\0");
    archive.extend_from_slice(&count);
    archive.extend_from_slice(&count);
    archive.extend_from_slice(&length.to_le_bytes());
    archive.extend_from_slice(&at.to_le_bytes());
    archive.extend_from_slice(&[0; 2]);
    Some(archive)
}

/// What is said of a file both before it and in the directory.
fn head(name: &str, content: &[u8]) -> Option<Vec<u8>> {
    let length = u32::try_from(content.len()).ok()?.to_le_bytes();
    let mut head = VERSION.to_le_bytes().to_vec();
    // No flags, stored, midnight.
    head.extend_from_slice(&[0; 6]);
    head.extend_from_slice(&DATE.to_le_bytes());
    head.extend_from_slice(&crc32(content).to_le_bytes());
    head.extend_from_slice(&length);
    head.extend_from_slice(&length);
    head.extend_from_slice(&u16::try_from(name.len()).ok()?.to_le_bytes());
    head.extend_from_slice(&[0; 2]);
    Some(head)
}

/// The checksum of IEEE 802.3.
fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32, _| if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 };
    let add = |crc: u32, byte: &u8| (0..8).fold(crc ^ u32::from(*byte), step);
    !bytes.iter().fold(u32::MAX, add)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The check value of the algorithm's catalogue.
    #[test]
    fn the_checksum_is_the_usual_one() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
        assert_eq!(crc32(b""), 0);
    }

    #[test]
    fn the_directory_leads_to_every_file() {
        let archive = zipped(&[("a.txt", b"one"), ("dir/b.txt", b"")]).unwrap();

        let end = archive.len() - 22;
        let number = |at: usize| u32::from_le_bytes(archive[at..at + 4].try_into().unwrap());
        let directory = usize::try_from(number(end + 16)).unwrap();
        assert_eq!(&archive[end..end + 4], b"PK\x05\x06");
        assert_eq!(&archive[directory..directory + 4], b"PK\x01\x02");
        let first = usize::try_from(number(directory + 42)).unwrap();
        assert_eq!(&archive[first + 30..first + 38], b"a.txtone");
        let second = directory + 46 + "a.txt".len();
        assert_eq!(&archive[second + 46..second + 55], b"dir/b.txt");
    }
}
