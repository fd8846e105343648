package penstock.venue.emit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Bytes are copied as they are, of any length and from any place. */
class EmitBufferTest {
    private static final String TEXT = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGH";

    @Test
    void shouldCopyAnyPartOfAnArray() {
        final byte[] source = TEXT.getBytes(StandardCharsets.US_ASCII);
        final EmitBuffer out = new EmitBuffer();
        for (int from = 0; from <= source.length; from++) {
            for (int to = from; to <= source.length; to++) {
                out.clear();
                out.put('<');
                out.put(source, from, to - from);
                out.put('>');
                assertThat(written(out)).isEqualTo('<' + TEXT.substring(from, to) + '>');
            }
        }
    }

    @Test
    void shouldCopyAllOfAShortArray() {
        final EmitBuffer out = new EmitBuffer();
        for (int length = 0; length <= TEXT.length(); length++) {
            out.clear();
            out.put(TEXT.substring(0, length).getBytes(StandardCharsets.US_ASCII), 0, length);
            assertThat(written(out)).isEqualTo(TEXT.substring(0, length));
        }
    }

    @Test
    void shouldWriteObjectsOfAnySize() {
        final EmitBuffer out = new EmitBuffer();
        for (int length = 1; length <= 20; length++) {
            final String text = TEXT.substring(0, length);
            final FieldName name = new FieldName(text);
            final byte[] value = text.getBytes(StandardCharsets.US_ASCII);
            out.clear();
            int at = 0;
            for (int i = 0; i < 200; i++) {
                at = EmitBuffer.put(out.room(at, name.length), at, name);
                out.end(at);
                out.put(value, 0, length);
                at = out.length();
            }
            out.close(at);
            assertThat(written(out)).isEqualTo('{' + (",\"" + text + "\":" + text).repeat(200).substring(1) + '}');
        }
    }

    @Test
    void shouldWriteNumbersOfUpTo16BytesFromAnyPlace() {
        for (int length = 1; length <= 20; length++) {
            final String number = length == 2 ? "12" : "1.2345678901234567890".substring(0, length);
            for (final String before : new String[] {"", "\"", TEXT}) {
                for (final String after : new String[] {"", "\"", "\"}", TEXT}) {
                    checkNumber(number, before, after, false);
                    checkNumber(number, before, after, true);
                }
            }
        }
    }

    private static void checkNumber(final String number, final String before, final String after,
            final boolean isChecked) {
        final byte[] source = (before + number + after).getBytes(StandardCharsets.US_ASCII);
        final byte[] room = "#".repeat(40).getBytes(StandardCharsets.US_ASCII);
        final int end = EmitBuffer.putNumber(room, 3, source, before.length(), number.length(), isChecked);
        assertThat(end).as(number).isEqualTo(number.length() > 16 ? -1 : 3 + number.length());
        assertThat(new String(room, 0, Math.max(3, end), StandardCharsets.US_ASCII))
            .isEqualTo("###" + (end < 0 ? "" : number));
    }

    @Test
    void shouldLeaveWhatIsNoDecimalToOthers() {
        for (final String text : new String[] {"", "-1", "1e5", "01", ".5", "5.", "1.2.3", "1,5", "1.2\\",
            "12345678a", "1234567.", "12345678.", "123456789."}) {
            final byte[] source = ('"' + text + '"').getBytes(StandardCharsets.US_ASCII);
            assertThat(EmitBuffer.putNumber(new byte[40], 0, source, 1, text.length(), false)).as(text).isEqualTo(-1);
        }
    }

    @Test
    void shouldWriteAnObjectWithoutFields() {
        final EmitBuffer out = new EmitBuffer();
        out.clear();
        out.close(0);
        assertThat(written(out)).isEqualTo("{}");
    }

    private static String written(final EmitBuffer out) {
        return new String(out.bytes(), 0, out.length(), StandardCharsets.US_ASCII);
    }
}
