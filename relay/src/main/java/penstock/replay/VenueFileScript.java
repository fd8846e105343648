package penstock.replay;

import java.util.List;
import penstock.config.ConfigException;
import penstock.time.RateSpec;
import penstock.venue.Venue;
import penstock.venue.replay.PayloadPacker;
import penstock.venue.replay.ReplayPings;
import penstock.venue.replay.ReplaySpec;

/**
 * Behaves like the section {@code replay} of a venue file: sends the frames that {@code connection} describes, and
 * closes the connection of a client that exceeds its {@code rate}.
 *
 * <p>Called on the server's io thread.
 */
public final class VenueFileScript implements VenueScript {
    private final ReplaySpec spec;
    private final PayloadPacker packer;
    private final Limit limit;
    private final List<String> refused;

    private VenueFileScript(final Venue venue, final List<String> refused) {
        spec = venue.replay();
        packer = PayloadPacker.of(venue.connection());
        final RateSpec send = venue.connection().rates().send();
        limit = send == null ? null : new Limit(send.permits(), send.perMs(), venue.connection().rates().countPongs());
        this.refused = List.copyOf(refused);
    }

    /** Loads a built-in venue by name, or a venue file by path. */
    public static VenueScript load(final String nameOrPath) throws ConfigException {
        return load(nameOrPath, List.of());
    }

    /** A venue that rejects the symbols {@code refused}, with its own error message. */
    public static VenueScript load(final String nameOrPath, final List<String> refused) throws ConfigException {
        return new VenueFileScript(Venue.load(nameOrPath), refused);
    }

    @Override
    public List<String> onOpen() {
        return spec.onOpen();
    }

    @Override
    public boolean startsOnPath(final String path) {
        return spec.startsOnPath(path);
    }

    @Override
    public Answer answer(final byte[] buffer, final int offset, final int length) {
        final ReplaySpec.Answer answer = spec.answer(buffer, offset, length, refused);
        return new Answer(answer.texts(), answer.starts());
    }

    @Override
    public byte[] packed(final byte[] buffer, final int offset, final int length) {
        return packer == null ? null : packer.packed(buffer, offset, length);
    }

    @Override
    public ReplayPings pings() {
        return spec.pings();
    }

    @Override
    public Limit limit() {
        return limit;
    }
}
