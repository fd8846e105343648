package penstock.link.bus;

import java.util.ArrayList;
import java.util.List;
import penstock.link.RefusedRelayException;
import penstock.link.message.BadMessageException;
import penstock.link.message.MessageFields;
import penstock.link.message.Welcome;

/**
 * What a snapshot says of the relay that it is of, and of which of its feeds it is. Immutable.
 *
 * @param welcome of that relay
 * @param feed    the name of the feed
 */
record BusOffer(Welcome welcome, String feed) {
    /** Reads the pieces of a snapshot. */
    static BusOffer read(final List<BusMessage> pieces, final long maxBytes) {
        final List<Welcome> welcomes = new ArrayList<>();
        final List<String> feeds = new ArrayList<>();
        final BusFrames frames = new BusFrames(maxBytes);
        for (final BusMessage piece : pieces) {
            frames.read(piece.payload(), piece.isUnfinished(), new BusFrames.Sink() {
                @Override
                public void onText(final byte[] buffer, final int offset, final int length) {
                    if (!welcomes.isEmpty() && !feeds.isEmpty()) {
                        return;
                    }
                    final MessageFields message = MessageFields.parse(buffer, offset, length);
                    if (message.is("type", "welcome")) {
                        welcomes.add(Welcome.of(message));
                    } else if (message.is("type", "ack") && !welcomes.isEmpty()) {
                        final String named = message.object("effective").textOrNull("feed");
                        feeds.add(named == null ? only(welcomes.get(0)) : named);
                    }
                }

                @Override
                public void onBinary(final byte[] buffer, final int offset, final int length) {
                    // values say nothing of the relay
                }
            });
        }
        if (welcomes.isEmpty() || feeds.isEmpty()) {
            throw new BadMessageException("a snapshot of the bus does not say which feed it is of");
        }
        return new BusOffer(welcomes.get(0), feeds.get(0));
    }

    private static String only(final Welcome welcome) {
        if (welcome.feeds().size() != 1) {
            throw new BadMessageException("a snapshot of the bus is of one of several feeds, and names none");
        }
        return welcome.feeds().get(0).name();
    }

    /** All feeds of these, each as its own offer has it. */
    static Welcome together(final List<BusOffer> offers) {
        final Welcome first = offers.get(0).welcome;
        final List<Welcome.Feed> feeds = new ArrayList<>();
        for (final BusOffer offer : offers) {
            if (!offer.welcome.hops().equals(first.hops())) {
                throw new RefusedRelayException("its feeds are of different relays, " + first.hops() + " and "
                    + offer.welcome.hops() + "; an edge has those of one");
            }
            offer.welcome.feeds().stream().filter(feed -> feed.name().equals(offer.feed)).forEach(feeds::add);
        }
        return first.with(feeds);
    }
}
