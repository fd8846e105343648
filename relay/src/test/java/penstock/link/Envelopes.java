package penstock.link;

import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;
import penstock.envelope.EnvelopeEncoder;
import penstock.envelope.Kind;
import penstock.envelope.MessageHeaderEncoder;
import penstock.envelope.Scope;
import penstock.envelope.State;

/** Binary messages that a test writes. */
public final class Envelopes {
    /** Of one without entries, whose subscription and request have one digit. */
    static final int BYTES = 8 + 27 + 4 + 2 + 3 + 2 + 1;

    private Envelopes() {
    }

    /** One update of the value 7, of a subscription with that number. */
    static byte[] update(final long epoch, final int sub, final int topic, final long q, final long p) {
        return update(epoch, Integer.toString(sub), topic, q, p);
    }

    /** One update of the value 7, of a subscription with that name. */
    public static byte[] update(final long epoch, final String sub, final int topic, final long q, final long p) {
        return entry(epoch, sub, topic, q, p, Kind.UPDATE);
    }

    /** The image of the value 7. */
    public static byte[] image(final long epoch, final String sub, final int topic, final long q, final long p) {
        return entry(epoch, sub, topic, q, p, Kind.SNAPSHOT);
    }

    /** The same of a topic that is stale. */
    static byte[] staleImage(final long epoch, final String sub, final int topic, final long q, final long p) {
        return entry(epoch, sub, topic, q, p, Kind.SNAPSHOT, State.STALE);
    }

    private static byte[] entry(final long epoch, final String sub, final int topic, final long q, final long p,
            final Kind kind) {
        return entry(epoch, sub, topic, q, p, kind, State.LIVE);
    }

    private static byte[] entry(final long epoch, final String sub, final int topic, final long q, final long p,
            final Kind kind, final State state) {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[128]);
        final EnvelopeEncoder message =
            new EnvelopeEncoder().wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder());
        message.ts(1).epoch(epoch).p(p).kind(kind).replaces(Scope.NOTHING).flags().clear();
        final EnvelopeEncoder.EntriesEncoder entry = message.entriesCount(1).next();
        entry.topic(topic).q(q).p(p).t(1).age(0).state(state).flags().clear();
        entry.putValue(new byte[] {'7'}, 0, 1).putBeside(new byte[0], 0, 0);
        message.sub("\"" + sub + '"').request("");
        return Arrays.copyOf(buffer.byteArray(), 8 + message.encodedLength());
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
