package penstock.server.pace;

import java.util.Collection;
import java.util.Iterator;
import java.util.function.Consumer;
import penstock.fanout.SlicedWork;

/**
 * Gives one thing to all who wait for it, in slices: there may be thousands, and the head of an answer takes 50 µs.
 *
 * <p>Owned by the io thread.
 *
 * @param <C> one who waits
 */
public final class PacedDelivery<C> implements SlicedWork.Task {
    private final Iterator<C> clients;
    private final Consumer<C> deliver;
    private final Consumer<C> giveUp;
    private final Runnable end;

    /** To {@code clients}; after a failure {@code giveUp} is called for the rest. {@code end} is called in the end. */
    public PacedDelivery(final Collection<C> clients, final Consumer<C> deliver, final Consumer<C> giveUp,
            final Runnable end) {
        this.clients = clients.iterator();
        this.deliver = deliver;
        this.giveUp = giveUp;
        this.end = end;
    }

    @Override
    public boolean advance(final SlicedWork.Slice slice) {
        while (clients.hasNext()) {
            if (slice.isOver()) {
                return false;
            }
            deliver.accept(clients.next());
        }
        end.run();
        return true;
    }

    @Override
    public void onFailure(final Throwable failure) {
        clients.forEachRemaining(giveUp);
        end.run();
    }
}
