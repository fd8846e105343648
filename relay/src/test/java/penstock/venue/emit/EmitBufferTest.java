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
                at = EmitBuffer.put(out.room(at, name.json.length), at, name);
                at = EmitBuffer.put(out.room(at, length), at, value, 0, length);
            }
            out.close(at);
            assertThat(written(out)).isEqualTo('{' + (",\"" + text + "\":" + text).repeat(200).substring(1) + '}');
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
