package penstock.link;

import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;
import penstock.envelope.EnvelopeEncoder;
import penstock.envelope.Kind;
import penstock.envelope.MessageHeaderEncoder;
import penstock.envelope.Scope;

/** Binary messages that a test writes. */
final class Envelopes {
    /** Of one without entries, whose subscription and request have one digit. */
    static final int BYTES = 8 + 27 + 4 + 2 + 3 + 2 + 1;

    private Envelopes() {
    }

    /** The last piece of a snapshot, without any image. */
    static byte[] last(final long epoch, final int sub, final int request, final long p) {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[64]);
        final EnvelopeEncoder message =
            new EnvelopeEncoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder());
        message.ts(1).epoch(epoch).p(p).kind(Kind.SNAPSHOT).replaces(Scope.ALL).flags().clear().last(true);
        message.entriesCount(0);
        message.sub("\"" + sub + '"').request(Integer.toString(request));
        return Arrays.copyOf(buffer.byteArray(), BYTES);
    }
}
