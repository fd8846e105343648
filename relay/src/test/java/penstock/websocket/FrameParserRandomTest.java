package penstock.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import penstock.testkit.Seeds;

/** Random conversations in random pieces: the read messages equal the sent ones. */
class FrameParserRandomTest {
    private static final int ROUNDS = Integer.getInteger("penstock.frames.rounds", 40);

    @RegisterExtension
    private final Seeds seeds = new Seeds();

    private record Conversation(byte[] bytes, List<String> expected) {
    }

    @ParameterizedTest
    @CsvSource({"SERVER, false", "SERVER, true", "CLIENT, false", "CLIENT, true"})
    void shouldReadTheSentMessages(final Role role, final boolean compressing) throws ProtocolException {
        for (final long seed : seeds.rounds(ROUNDS)) {
            final Random random = Seeds.random(seed);
            final boolean contextTakeover = random.nextBoolean();
            final int scratchBytes = new int[]{0, 1, 100, 4096, 1 << 17}[random.nextInt(5)];
            try (Deflated deflated = new Deflated(contextTakeover);
                 MessageInflater inflater = new MessageInflater(contextTakeover, Parsing.LIMITS.messageBytes())) {
                final Conversation conversation = conversation(role, random, compressing ? deflated : null);
                final Parsing parsing = new Parsing(role, Parsing.LIMITS, scratchBytes, compressing ? inflater : null);
                feedInPieces(parsing, conversation.bytes, random);
                if (!parsing.lines().equals(conversation.expected)) {
                    assertThat(parsing.lines()).isEqualTo(conversation.expected);
                }
                assertThat(parsing.parser.isBetweenMessages()).isTrue();
            }
        }
    }

    /** As a server's io thread reads: inflaters are shared, and each connection remembers what it was sent. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1 << 15})
    void shouldReadCompressedMessagesOfSeveralClientsWithSharedInflaters(final int windowBytes)
            throws ProtocolException {
        for (final long seed : seeds.rounds(Math.max(1, ROUNDS / 4))) {
            final Random random = Seeds.random(seed);
            final InflaterPool pool = new InflaterPool(Parsing.LIMITS.messageBytes());
            final ReservedMemory memory = new ReservedMemory();
            final long[] histories = {0};
            final HistoryMemory historyMemory = new HistoryMemory(Long.MAX_VALUE, bytes -> histories[0] += bytes);
            final List<Parsing> clients = new ArrayList<>();
            final List<Conversation> conversations = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                try (Deflated deflated = new Deflated(windowBytes > 0)) {
                    conversations.add(conversation(Role.SERVER, random, deflated));
                }
                clients.add(new Parsing(new ClientCompression(pool, historyMemory, windowBytes), memory));
            }
            final int[] from = new int[3];
            for (int left = 3; left > 0;) {
                final int i = random.nextInt(3);
                final byte[] bytes = conversations.get(i).bytes;
                final int to = Math.min(bytes.length, from[i] + 1 + random.nextInt(1 << random.nextInt(18)));
                if (from[i] < to) {
                    clients.get(i).feed(bytes, from[i], to, random.nextBoolean());
                    from[i] = to;
                    left -= to == bytes.length ? 1 : 0;
                }
            }
            for (int i = 0; i < 3; i++) {
                assertThat(clients.get(i).lines())
                    .isEqualTo(conversations.get(i).expected);
            }
            assertThat(memory.reserved()).isZero();
            assertThat(histories[0]).isEqualTo(3L * windowBytes);
            clients.forEach(client -> client.parser.stop());
            assertThat(histories[0]).isZero();
        }
    }

    private static void feedInPieces(final Parsing parsing, final byte[] bytes, final Random random)
            throws ProtocolException {
        final int largest = 1 << random.nextInt(18);
        int from = 0;
        while (from < bytes.length) {
            final int to = Math.min(bytes.length, from + 1 + random.nextInt(largest));
            parsing.feed(bytes, from, to, random.nextBoolean());
            from = to;
        }
    }

    private static Conversation conversation(final Role role, final Random random, final Deflated deflated) {
        final Frames frames = Frames.of(role);
        final List<String> expected = new ArrayList<>();
        for (int messages = 1 + random.nextInt(20); messages > 0; messages--) {
            final boolean isText = random.nextBoolean();
            final byte[] message = isText ? text(random) : binary(random);
            final boolean compressed = deflated != null && random.nextInt(3) > 0;
            putMessage(frames, (compressed ? Frames.RSV1 : 0) | (isText ? Opcode.TEXT : Opcode.BINARY),
                compressed ? deflated.message(message) : message, random, expected);
            expected.add(isText ? Received.text(new String(message, StandardCharsets.UTF_8))
                : Received.binary(message));
        }
        return new Conversation(frames.bytes(), expected);
    }

    private static void putMessage(final Frames frames, final int first, final byte[] payload, final Random random,
                                   final List<String> expected) {
        int from = 0;
        int opcode = first;
        for (int further = random.nextInt(3) == 0 ? random.nextInt(6) : 0; further > 0; further--) {
            final int to = from + random.nextInt(payload.length - from + 1);
            frames.frame(opcode, Arrays.copyOfRange(payload, from, to));
            if (random.nextBoolean()) {
                final byte[] control = Frames.filled(random.nextInt(126));
                final boolean ping = random.nextBoolean();
                frames.frame(Frames.FIN | (ping ? Opcode.PING : Opcode.PONG), control);
                final String text = new String(control, StandardCharsets.US_ASCII);
                expected.add(ping ? Received.ping(text) : Received.pong(text));
            }
            opcode = Opcode.CONTINUATION;
            from = to;
        }
        frames.frame(Frames.FIN | opcode, Arrays.copyOfRange(payload, from, payload.length));
    }

    private static int length(final Random random) {
        return random.nextInt(1 + (1 << random.nextInt(random.nextInt(10) == 0 ? 17 : 9)));
    }

    private static byte[] binary(final Random random) {
        final byte[] bytes = new byte[length(random)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] text(final Random random) {
        final StringBuilder text = new StringBuilder();
        for (int i = length(random) / 2; i > 0; i--) {
            final int kind = random.nextInt(12);
            text.appendCodePoint(kind < 9 ? ' ' + random.nextInt(95) : kind == 9 ? 0xe9 : kind == 10 ? 0x20ac
                : 0x1f600);
        }
        return Frames.utf8(text.toString());
    }
}
