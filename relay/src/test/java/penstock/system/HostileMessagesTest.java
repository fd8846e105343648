package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.Deflater;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames and messages that no honest client sends, to a relay with the limits as shipped and compression on. */
class HostileMessagesTest {
    private static final int FIN = 0x80;
    private static final int RSV1 = 0x40;
    private static final int TEXT = 1;
    private static final int CLOSE = 8;
    private static final int MAX_FRAME = 256 << 10;
    private static final long MIB = 1 << 20;

    private static HostileRig rig;

    @BeforeAll
    static void stream() throws IOException {
        rig = new HostileRig("server.deflate=true", "fanout.limits.requests-per-second=10000");
    }

    @AfterAll
    static void shouldHaveHarmedNoOtherClient() throws IOException {
        rig.close();
    }

    @AfterEach
    void shouldServeANewClientAtOnce() throws IOException {
        rig.assertServesANewClient();
    }

    /** Overlong forms, surrogates, beyond U+10FFFF, bytes that never occur, strays, characters that break off. */
    @ParameterizedTest
    @ValueSource(strings = {"c080", "c1bf", "e08080", "e09fbf", "f0808080", "f08fbfbf", "f888808080", "fc8480808080",
        "eda080", "edbfbf", "f4908080", "f5808080", "fe", "ff", "80", "bf", "c241", "e28241", "f09f9841", "c2c2",
        "e228a1"})
    void shouldRejectTextThatIsNotUtf8InAnyPartOfAMessage(final String hex) throws IOException {
        final byte[] bad = HexFormat.of().parseHex(hex);
        rig.expectClose("whole", HostileClient.frame(FIN | TEXT, bad), "close 1007 ");
        rig.expectClose("second fragment", joined(HostileClient.frame(TEXT, HostileClient.ascii("{\"op\":\"")),
            HostileClient.frame(FIN, bad)), "close 1007 ");
        rig.expectClose("a message that is never finished", HostileClient.frame(TEXT, bad), "close 1007 ");
        rig.expectClose("a byte in each fragment", inFragmentsOfOneByte(bad), "close 1007 ");
    }

    /** The last byte that would make it valid never comes. */
    @ParameterizedTest
    @ValueSource(strings = {"c3", "e282", "f09f98", "61c3", "e2"})
    void shouldRejectAMessageThatEndsInsideACharacter(final String hex) throws IOException {
        final byte[] bad = HexFormat.of().parseHex(hex);
        rig.expectClose("whole", HostileClient.frame(FIN | TEXT, bad), "close 1007 ");
        rig.expectClose("in fragments",
            joined(HostileClient.frame(TEXT, bad), HostileClient.frame(FIN, new byte[0])), "close 1007 ");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 1999, 2000, 2999, 5000, 65535})
    void shouldRejectACloseCodeThatNobodyMaySend(final int code) throws IOException {
        rig.expectClose("close", HostileClient.frame(FIN | CLOSE, new byte[] {(byte) (code >> 8), (byte) code}),
            "close 1002 ");
    }

    @ParameterizedTest
    @CsvSource({"c080,1007", "eda080,1007", "c3,1007", "ff,1007"})
    void shouldRejectACloseReasonThatIsNotUtf8(final String hex, final int code) throws IOException {
        rig.expectClose("close", HostileClient.frame(FIN | CLOSE,
            joined(new byte[] {3, (byte) 0xe8}, HexFormat.of().parseHex(hex))), "close " + code + " ");
    }

    @Test
    void shouldRejectAMessageOfSixteenMegabytesWithoutReadingIt() throws IOException {
        final long before = HostileRig.allocatedByIoThreads();
        final byte[] large = new byte[16 << 20];
        Arrays.fill(large, (byte) ' ');
        rig.expectClose("whole", HostileClient.frame(FIN | TEXT, large), "close 1009 ");
        rig.expectClose("fragments", joined(HostileClient.frame(TEXT, Arrays.copyOf(large, MAX_FRAME)),
            HostileClient.frame(FIN, new byte[1])), "close 1009 ");
        assertThat(HostileRig.allocatedByIoThreads() - before).as("bytes allocated").isLessThan(2 * MIB);
    }

    /** It is refused at its header: the bytes that it declares need not come. */
    @Test
    void shouldRejectAMessageThatDeclaresMoreThanTheLimit() throws IOException {
        for (final long length : new long[] {MAX_FRAME + 1, 1L << 32, 1L << 62}) {
            final ByteBuffer frame = ByteBuffer.allocate(14 + 64);
            frame.put((byte) (FIN | TEXT)).put((byte) 0xff).putLong(length);
            rig.expectClose("declares " + length, frame.array(), "close 1009 ");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {100_000, 262_000})
    void shouldAnswerJsonOfAnyDepthAndNumbersOfAnyLength(final int count) throws IOException {
        final List<String> hostile = List.of("[".repeat(count), "{\"a\":".repeat(count / 5),
            "{\"op\":\"ping\",\"id\":" + "7".repeat(count) + "}", "{\"op\":\"ping\",\"id\":1e" + "9".repeat(count) + "}",
            "{\"op\":\"ping\",\"id\":\"" + "\\ud800".repeat(count / 6) + "\"}",
            "{\"op\":\"subscribe\",\"symbols\":[\"" + "x".repeat(count) + "\"]}",
            "{\"" + "k".repeat(count) + "\":1}", "{\"op\":\"list\"" + ",\"op\":\"list\"".repeat(count / 12) + "}",
            "{\"op\":\"list\"" + " ".repeat(count) + "]");
        try (HostileClient client = rig.open()) {
            for (final String text : hostile) {
                assertThat(client.ask(text)).as(text.substring(0, 40))
                    .startsWith("{\"type\":\"error\",\"status\":400,\"code\":\"bad_");
            }
            assertThat(client.ask("{\"op\":\"list\"}")).startsWith("{\"type\":\"ack\",\"op\":\"list\"");
        }
    }

    /** Each inflates to more than a message may have, and none further than that. */
    @Test
    void shouldRejectDecompressionBombsInLittleMemory() throws IOException {
        final byte[] small = deflated(MAX_FRAME + 1);
        final byte[] large = deflated(64 << 20);
        assertThat(large.length).isLessThan(MAX_FRAME);
        final ByteArrayOutputStream fragments = new ByteArrayOutputStream();
        final int part = large.length / 64;
        for (int i = 0; i < 64; i++) {
            fragments.writeBytes(HostileClient.frame((i == 0 ? RSV1 | TEXT : 0) | (i == 63 ? FIN : 0),
                Arrays.copyOfRange(large, i * part, i == 63 ? large.length : (i + 1) * part)));
        }
        expectCloseOfDeflating("the limit and a byte", HostileClient.frame(FIN | RSV1 | TEXT, small));
        final long before = HostileRig.allocatedByIoThreads();
        expectCloseOfDeflating("64 MiB in a frame", HostileClient.frame(FIN | RSV1 | TEXT, large));
        expectCloseOfDeflating("64 MiB in 64 fragments", fragments.toByteArray());
        assertThat(HostileRig.allocatedByIoThreads() - before).as("bytes allocated").isLessThan(8 * MIB);
    }

    private static void expectCloseOfDeflating(final String what, final byte[] bytes) throws IOException {
        try (HostileClient client = new HostileClient(rig.port())) {
            client.write(new String(HostileClient.handshake("/v1/ws"), StandardCharsets.US_ASCII)
                .replace("Host: localhost", "Host: localhost\r\nSec-WebSocket-Extensions: permessage-deflate")
                .getBytes(StandardCharsets.US_ASCII));
            assertThat(client.readHead()).startsWith("HTTP/1.1 101 ").contains("permessage-deflate");
            client.writeWhatIsAccepted(bytes);
            assertThat(client.readClose()).as(what).startsWith("close 1009 ");
        }
    }

    private static byte[] deflated(final int count) {
        final Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        try {
            final byte[] plain = new byte[count];
            Arrays.fill(plain, (byte) ' ');
            deflater.setInput(plain);
            final byte[] bytes = new byte[MAX_FRAME];
            return Arrays.copyOf(bytes, deflater.deflate(bytes, 0, bytes.length, Deflater.SYNC_FLUSH) - 4);
        } finally {
            deflater.end();
        }
    }

    private static byte[] inFragmentsOfOneByte(final byte[] payload) {
        final ByteArrayOutputStream frames = new ByteArrayOutputStream();
        for (int i = 0; i < payload.length; i++) {
            frames.writeBytes(HostileClient.frame((i == 0 ? TEXT : 0) | (i == payload.length - 1 ? FIN : 0),
                new byte[] {payload[i]}));
        }
        return frames.toByteArray();
    }

    private static byte[] joined(final byte[] first, final byte[] second) {
        final byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
