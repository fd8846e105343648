package penstock.server.sse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import penstock.testkit.Seeds;
import penstock.wire.MessageBuffer;

class EventStreamFormatTest {
    @RegisterExtension
    private final Seeds seeds = new Seeds();

    @Test
    void shouldReplaceControlCharactersByBlanksAndNothingElse() {
        final Random random = seeds.random();
        for (int n = 0; n < 20_000; n++) {
            final byte[] bytes = new byte[random.nextInt(40)];
            final byte[] expected = new byte[bytes.length];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) (random.nextInt(8) == 0 ? random.nextInt(256) : 32 + random.nextInt(96));
                expected[i] = bytes[i] >= 0 && bytes[i] < 32 ? (byte) ' ' : bytes[i];
            }
            EventStream.unbreak(bytes, bytes.length);
            assertThat(bytes).isEqualTo(expected);
        }
    }

    @Test
    void shouldNameAnEventByTheTypeOfItsMessage() {
        final MessageBuffer out = new MessageBuffer(8);
        final byte[] message = MessageBuffer.ascii("..{\"type\":\"gap\",\"sub\":\"0\"}");
        EventStream.open(out, message, 2, 7, 5);
        assertThat(out.toString()).isEqualTo("event: gap\nid: 7-5\ndata: ");
    }

    @Test
    void shouldVoidTheIdFromBeforeWithAnAnswerThatDoesNotResume() {
        assertThat(control("{\"type\":\"ack\",\"unknown\":[],\"resumed\":false,\"warnings\":[]}"))
            .startsWith("event: ack\nid: 0-0\ndata: {");
        assertThat(control("{\"type\":\"ack\",\"unknown\":[],\"resumed\":false}")).contains("\nid: 0-0\n");
        assertThat(control("{\"type\":\"ack\",\"unknown\":[\"\\\"resumed\\\":false\"],\"resumed\":true}"))
            .startsWith("event: ack\ndata: {");
        assertThat(control("{\"type\":\"notice\",\"resumed\":false}")).doesNotContain("id: ");
    }

    private static String control(final String message) {
        final MessageBuffer out = new MessageBuffer(8);
        final byte[] bytes = MessageBuffer.ascii(".." + message);
        new EventStream().putControl(out, 1, bytes, 2, message.length());
        return out.toString();
    }
}
