"""RFC 7541: header blocks that cannot be decoded are a connection error COMPRESSION_ERROR (RFC
9113, 4.3). h2spec's `hpack`."""

from cases import GET, Case, connection_error, table
from raw import Code, headers

COMPRESSION_ERROR = connection_error(Code.COMPRESSION_ERROR)
# The static table has 61 entries and the dynamic one is empty, so that 70 is of neither.
NO_INDEX = 70

CASES = [
    Case("hpack/2.3.3/1", "2.3.3: an index that neither table has",
         headers(1, GET + bytes([0x80 | NO_INDEX])), COMPRESSION_ERROR),
    Case("hpack/2.3.3/2", "2.3.3: a literal whose name has such an index",
         headers(1, GET + b"\x7f" + bytes([NO_INDEX - 63]) + b"\x05empty"), COMPRESSION_ERROR),
    Case("hpack/4.2/1", "4.2: a change of the table's size at the end of a block",
         headers(1, GET + b"\x21"), COMPRESSION_ERROR),
    Case("hpack/5.2/1", "5.2: Huffman's padding of more than 7 bits",
         headers(1, GET + b"\x00\x85\xf2\xb2\x4a\x84\xff\x84\x49\x50\x9f\xff"), COMPRESSION_ERROR),
    Case("hpack/5.2/2", "5.2: Huffman's padding with zeroes",
         headers(1, GET + b"\x00\x85\xf2\xb2\x4a\x84\xff\x83\x49\x50\x90"), COMPRESSION_ERROR),
    Case("hpack/5.2/3", "5.2: Huffman's end of string within one",
         headers(1, GET + b"\x00\x85\xf2\xb2\x4a\x87\xff\x84\x7f\xff\xff\xff"), COMPRESSION_ERROR),
    Case("hpack/6.1/1", "6.1: index 0", headers(1, GET + b"\x80"), COMPRESSION_ERROR),
    Case("hpack/6.3/1", "6.3: a table larger than SETTINGS_HEADER_TABLE_SIZE",
         headers(1, b"\x3f\xe2\x1f" + GET), COMPRESSION_ERROR),
]


@table(CASES)
def test_a_block_that_cannot_be_decoded_ends_the_connection(server, case):
    case.run(server)
