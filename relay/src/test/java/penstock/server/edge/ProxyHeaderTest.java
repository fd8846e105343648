package penstock.server.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import penstock.testkit.Seeds;

class ProxyHeaderTest {
    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
    private static final String REQUEST = "GET / HTTP/1.1\r\n\r\n";

    @RegisterExtension
    private final Seeds seeds = new Seeds();

    @ParameterizedTest
    @CsvSource({"PROXY TCP4 192.0.2.7 10.0.0.1 56324 443,192.0.2.7:56324",
        "PROXY TCP4 0.0.0.0 255.255.255.255 0 65535,0.0.0.0:0",
        "PROXY TCP6 2001:db8::7 ::1 1 2,2001:db8:0:0:0:0:0:7:1",
        "PROXY UNKNOWN,none", "PROXY UNKNOWN ffff::1 what ever 1,none"})
    void shouldReadALineAndNothingBehindIt(final String line, final String source) throws Exception {
        assertThat(read((line + "\r\n").getBytes(StandardCharsets.US_ASCII))).isEqualTo(source);
    }

    @ParameterizedTest
    @CsvSource({"21 11 000c c0000207 0a000001 dc04 01bb,192.0.2.7:56324",
        "21 11 0011 c0000207 0a000001 dc04 01bb 04 0002 0000,192.0.2.7:56324",
        "21 21 0024 20010db8000000000000000000000007 20010db8000000000000000000000001 0001 0002,"
            + "2001:db8:0:0:0:0:0:7:1",
        "20 00 0000,none", "20 11 000c c0000207 0a000001 dc04 01bb,none", "21 00 0003 010203,none"})
    void shouldReadABinaryHeaderAndNothingBehindIt(final String header, final String source) throws Exception {
        assertThat(read(HexFormat.of().parseHex(SIGNATURE + header.replace(" ", "")))).isEqualTo(source);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1\r\n", "PROXY TCP4 192.0.2.7 10.0.0.1 56324\r\n", "PROXY\r\nGET / HTTP/1.1",
        "PROXY TCP4 192.0.2.7 10.0.0.1 1 2 3\r\n", "PROXY TCP4  192.0.2.7 10.0.0.1 1 2\r\n",
        "PROXY TCP4 192.0.2.256 10.0.0.1 1 2\r\n", "PROXY TCP4 192.0.2.7 10.0.0.1 1 65536\r\n",
        "PROXY TCP4 192.0.2.7 10.0.0.1 -1 2\r\n", "PROXY TCP4 ::1 ::2 1 2\r\n", "PROXY TCP6 192.0.2.7 10.0.0.1 1 2\r\n",
        "PROXY UDP4 192.0.2.7 10.0.0.1 1 2\r\n", "PROXY TCP4 localhost 10.0.0.1 1 2\r\n",
        "PROXY TCP4 192.0.2.7 10.0.0.1 1 2\n", "PROXY TCP4 192.0.2.7 10.0.0.1 1 2\rX",
        "proxy TCP4 1.2.3.4 1.2.3.4 1 2\r\n",
        "PROXY UNKNOWNS\r\nxx", "\r\n\r\nX", "\0"})
    void shouldRefuseWhatIsNoHeader(final String text) {
        assertMalformed(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"11 11 000c", "22 11 000c", "21 12 000c", "21 31 00d8", "21 11 000b", "21 21 0023",
        "21 11 ffff", "20 00 03f1"})
    void shouldRefuseABinaryHeaderAtItsHead(final String header) {
        assertMalformed(HexFormat.of().parseHex(SIGNATURE + header.replace(" ", "")));
    }

    @Test
    void shouldRefuseALineOverTheLongestOne() throws Exception {
        assertThat(read(("PROXY UNKNOWN " + "x".repeat(91) + "\r\n").getBytes(StandardCharsets.US_ASCII)))
            .isEqualTo("none");
        assertMalformed(("PROXY UNKNOWN " + "x".repeat(94)).getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void shouldReadOrRefuseAnyBytes() throws ProxyHeader.MalformedException {
        final byte[] header = HexFormat.of().parseHex(SIGNATURE + "2111000cc00002070a000001dc0401bb");
        for (final long seed : seeds.rounds(20_000)) {
            final Random random = Seeds.random(seed);
            final byte[] changed = random.nextBoolean() ? header.clone()
                : "PROXY TCP4 192.0.2.7 10.0.0.1 56324 443\r\n".getBytes(StandardCharsets.US_ASCII);
            for (int i = random.nextInt(4); i >= 0; i--) {
                changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
            }
            try {
                feed(new ProxyHeader(), ByteBuffer.wrap(changed), random);
            } catch (final ProxyHeader.MalformedException e) {
                continue;
            }
        }
    }

    /** Fails unless exactly the header is read, in pieces of any size. */
    private String read(final byte[] header) throws ProxyHeader.MalformedException {
        String source = null;
        for (final long seed : seeds.rounds(50)) {
            final ByteBuffer input = ByteBuffer.allocate(header.length + REQUEST.length()).put(header)
                .put(REQUEST.getBytes(StandardCharsets.US_ASCII)).flip();
            final ProxyHeader reader = new ProxyHeader();
            assertThat(feed(reader, input, Seeds.random(seed))).isTrue();
            assertThat(input.position()).isEqualTo(header.length);
            final InetSocketAddress named = reader.source();
            source = named == null ? "none" : named.getAddress().getHostAddress() + ':' + named.getPort();
        }
        return source;
    }

    private static boolean feed(final ProxyHeader reader, final ByteBuffer input, final Random random)
            throws ProxyHeader.MalformedException {
        while (!reader.isComplete() && input.hasRemaining()) {
            final ByteBuffer room = reader.room();
            final int count = Math.min(input.remaining(), 1 + random.nextInt(room.remaining()));
            room.put(input.slice(input.position(), count));
            input.position(input.position() + count);
        }
        return reader.isComplete();
    }

    private void assertMalformed(final byte[] bytes) {
        for (final long seed : seeds.rounds(20)) {
            assertThatThrownBy(() -> feed(new ProxyHeader(), ByteBuffer.wrap(bytes), Seeds.random(seed)))
                .isInstanceOf(ProxyHeader.MalformedException.class);
        }
    }
}
