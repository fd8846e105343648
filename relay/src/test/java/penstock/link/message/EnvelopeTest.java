package penstock.link.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import penstock.envelope.EnvelopeEncoder;
import penstock.envelope.EnvelopeEncoder.EntriesEncoder;
import penstock.envelope.Kind;
import penstock.envelope.MessageHeaderEncoder;
import penstock.envelope.Scope;
import penstock.envelope.State;
import penstock.ring.TopicState;
import penstock.testkit.Seeds;

/** Binary messages, whole and broken. */
class EnvelopeTest {
    private static final int ROUNDS = 3_000;
    private static final int FIRST_ENTRY = 39;

    @RegisterExtension
    final Seeds seeds = new Seeds();

    private final Envelope envelope = new Envelope();
    private final LinkUpdate update = new LinkUpdate();

    @Test
    void shouldReadWhatTheSchemaSays() {
        final byte[] message = message();
        envelope.wrap(message, 3, message.length - 3);

        assertThat(envelope.tsUs()).isEqualTo(1_000);
        assertThat(envelope.epoch()).isEqualTo(7);
        assertThat(envelope.p()).isEqualTo(99);
        assertThat(envelope.isSnapshot()).isTrue();
        assertThat(envelope.isLast()).isTrue();
        assertThat(envelope.sub()).isEqualTo(12);
        assertThat(envelope.request()).isEqualTo(345);
        assertThat(envelope.next(update, 5_000_000_000L)).isTrue();
        assertThat(new long[] {update.topic, update.q, update.p, update.timeUs}).containsExactly(4_294_967_294L, 5, 98,
            -3);
        assertThat(update.receivedNs).isEqualTo(5_000_000_000L - 250_000);
        assertThat(update.state).isEqualTo(TopicState.CLOSED);
        assertThat(update.isChange).isTrue();
        assertThat(update.hasPayload).isTrue();
        assertThat(text(update.valueAt, update.valueLength)).isEqualTo("{\"bid\":1.10}");
        assertThat(text(update.besideAt, update.besideLength)).isEqualTo("payload");
        assertThat(envelope.next(update, 5_000_000_000L)).isTrue();
        assertThat(update.receivedNs).isEqualTo(5_000_000_000L - 3_600_000_001_000L);
        assertThat(update.state).isEqualTo(TopicState.LIVE);
        assertThat(text(update.valueAt, update.valueLength)).isEqualTo("2");
        assertThat(update.hasPayload).isFalse();
        assertThat(envelope.next(update, 0)).isFalse();
    }

    @Test
    void shouldSkipFieldsOfALaterRelease() {
        final byte[] old = message();
        final UnsafeBuffer wide = new UnsafeBuffer(new byte[3 + old.length + 5 + 2 * 4]);
        final int group = 3 + 8 + 27;
        wide.putBytes(3, old, 3, 8 + 27);
        wide.putShort(3, (short) 32, ByteOrder.LITTLE_ENDIAN);
        wide.putBytes(group + 5, old, group, 4);
        wide.putShort(group + 5, (short) 38, ByteOrder.LITTLE_ENDIAN);
        int from = group + 4;
        int to = group + 9;
        for (final int data : new int[] {4 + 12 + 4 + 7, 4 + 1 + 4}) {
            wide.putBytes(to, old, from, 34);
            wide.putBytes(to + 38, old, from + 34, data);
            from += 34 + data;
            to += 38 + data;
        }
        wide.putBytes(to, old, from, old.length - from);
        final byte[] message = wide.byteArray();
        envelope.wrap(message, 3, to + old.length - from - 3);

        assertThat(envelope.next(update, 0)).isTrue();
        assertThat(text(update.valueAt, update.valueLength)).isEqualTo("{\"bid\":1.10}");
        assertThat(envelope.next(update, 0)).isTrue();
        assertThat(text(update.valueAt, update.valueLength)).isEqualTo("2");
        assertThat(envelope.sub()).isEqualTo(12);
        assertThat(envelope.request()).isEqualTo(345);
    }

    @Test
    void shouldRefuseEveryPartOfAMessage() {
        final byte[] message = message();
        for (int length = 0; length < message.length - 3; length++) {
            final byte[] part = Arrays.copyOfRange(message, 3, 3 + length);
            assertThatThrownBy(() -> envelope.wrap(part, 0, part.length)).as(part.length + " bytes")
                .isInstanceOf(BadMessageException.class).hasMessageContaining("ends early");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "0 | 2 | 26 | has 26 bytes of fields, at byte 0",
        "2 | 2 | 2 | is template 2 of schema 7367, at byte 0",
        "4 | 2 | 7368 | is template 1 of schema 7368, at byte 0",
        "15 | 1 | 128 | has an epoch, a position or a time beyond 63 bits, at byte 8",
        "23 | 1 | 128 | has an epoch, a position or a time beyond 63 bits, at byte 8",
        "31 | 1 | 255 | has an epoch, a position or a time beyond 63 bits, at byte 8",
        "32 | 1 | 2 | is of kind 2, at byte 8",
        "35 | 2 | 33 | has entries of 33 bytes, at byte 35",
        "43 | 1 | 0 | has an entry without position or sequence, at byte 39",
        "50 | 1 | 128 | has an entry without position or sequence, at byte 39",
        "58 | 1 | 128 | has an entry without position or sequence, at byte 39",
        "71 | 1 | 3 | has an entry of an unknown state, at byte 39",
        "71 | 1 | 255 | has an entry of an unknown state, at byte 39",
        "76 | 1 | 255 | has data of more than 2^31 bytes, at byte 73",
    })
    void shouldRefuseAFieldThatCannotBe(final int at, final int bytes, final int value, final String what) {
        final byte[] message = message();
        message[3 + at] = (byte) value;
        if (bytes == 2) {
            message[3 + at + 1] = (byte) (value >> 8);
        }
        assertThatThrownBy(() -> envelope.wrap(message, 3, message.length - 3)).isInstanceOf(BadMessageException.class)
            .hasMessage("a binary message " + what);
    }

    @Test
    void shouldRefuseAnEntryWithoutAValue() {
        final byte[] message = message();
        final UnsafeBuffer buffer = new UnsafeBuffer(message);
        buffer.putInt(3 + FIRST_ENTRY + 34, 0, ByteOrder.LITTLE_ENDIAN);
        assertThatThrownBy(() -> envelope.wrap(message, 3, message.length - 3)).isInstanceOf(BadMessageException.class)
            .hasMessage("a binary message has an entry without a value, at byte 73");
    }

    @Test
    void shouldReadOrRefuseWhatChanceMakesOfAMessage() {
        int refused = 0;
        for (final long seed : seeds.rounds(ROUNDS)) {
            final Random random = Seeds.random(seed);
            final byte[] message = message();
            for (int n = 1 + random.nextInt(3); n > 0; n--) {
                message[3 + random.nextInt(message.length - 3)] = (byte) random.nextInt();
            }
            try {
                envelope.wrap(message, 3, message.length - 3 - random.nextInt(4));
                while (envelope.next(update, 0)) {
                    assertThat(update.valueAt + update.valueLength).isLessThanOrEqualTo(message.length);
                    assertThat(update.besideAt + update.besideLength).isLessThanOrEqualTo(message.length);
                }
                assertThat(envelope.sub()).isBetween(-1, 99);
                assertThat(envelope.request()).isBetween(-1L, 999L);
            } catch (final BadMessageException e) {
                refused++;
            }
        }
        assertThat(refused).isBetween(ROUNDS / 10, ROUNDS - 1);
    }

    /** Three bytes of something else, then a message of two entries. */
    private byte[] message() {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[512]);
        final EnvelopeEncoder message =
            new EnvelopeEncoder().wrapAndApplyHeader(buffer, 3, new MessageHeaderEncoder());
        message.ts(1_000).epoch(7).p(99).kind(Kind.SNAPSHOT).replaces(Scope.ALL).flags().clear().last(true);
        final EntriesEncoder entries = message.entriesCount(2);
        entries.next().topic(4_294_967_294L).q(5).p(98).t(-3).age(250).state(State.CLOSED).flags().clear().change(true)
            .payload(true);
        put(entries, "{\"bid\":1.10}", "payload");
        entries.next().topic(1).q(1).p(97).t(EntriesEncoder.tNullValue()).age(EntriesEncoder.ageNullValue())
            .state(State.LIVE).flags().clear();
        put(entries, "2", "");
        message.sub("\"12\"").request("345");
        return Arrays.copyOf(buffer.byteArray(), 3 + message.encodedLength() + 8);
    }

    private static void put(final EntriesEncoder entries, final String value, final String beside) {
        final byte[] first = value.getBytes(StandardCharsets.UTF_8);
        final byte[] second = beside.getBytes(StandardCharsets.UTF_8);
        entries.putValue(first, 0, first.length).putBeside(second, 0, second.length);
    }

    private String text(final int at, final int length) {
        return new String(update.bytes, at, length, StandardCharsets.UTF_8);
    }
}
