package penstock.replay;

/** Sockets that accept everything, or a given number of messages. */
final class OpenOutlet implements FeedScript.Outlet {
    int room = Integer.MAX_VALUE;
    boolean isDrained = true;

    @Override
    public boolean hasRoom() {
        return room == Integer.MAX_VALUE || room-- > 0;
    }

    @Override
    public boolean isDrained() {
        return isDrained;
    }
}
