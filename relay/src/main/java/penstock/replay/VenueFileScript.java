package penstock.replay;

import java.util.List;
import penstock.config.ConfigException;
import penstock.feed.ReplaySpec;
import penstock.feed.Venue;

/**
 * Behaves as the section {@code replay} of a venue file says.
 *
 * <p>Called on the server's io thread.
 */
public final class VenueFileScript implements VenueScript {
    private final ReplaySpec spec;

    private VenueFileScript(final ReplaySpec spec) {
        this.spec = spec;
    }

    /** Takes the name of a venue that comes with the relay, or the path of a venue file. */
    public static VenueScript load(final String nameOrPath) throws ConfigException {
        return new VenueFileScript(Venue.load(nameOrPath).replay());
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
        final ReplaySpec.Answer answer = spec.answer(buffer, offset, length);
        return new Answer(answer.texts(), answer.starts());
    }
}
