package penstock.server.raw;

import io.undertow.server.HttpServerExchange;
import penstock.fanout.format.FrameFormat;
import penstock.fanout.format.SessionFormat;
import penstock.server.IoThreadContext;
import penstock.server.IoThreadContexts;
import penstock.server.UpgradeListener;
import penstock.server.WebSocketEndpoint;
import penstock.topic.Channel;
import penstock.wire.ContentOptions;
import penstock.wire.ErrorCode;
import penstock.wire.RequestException;
import penstock.wire.request.Request;

/**
 * {@code /v1/raw}: the venue's own payloads over WebSocket, and nothing else. The query is the only request. A raw
 * session cannot send errors, so a wrong query is rejected before the upgrade.
 *
 * <p>Runs on the io threads.
 */
public final class RawEndpoint extends WebSocketEndpoint {
    /** {@code contexts} of the server's io threads. */
    public RawEndpoint(final IoThreadContexts contexts) {
        super(contexts, RawSocket::new);
    }

    /** The client believes it talks to the venue, and so may offer any subprotocol of the venue. */
    @Override
    protected boolean isAccepted(final HttpServerExchange exchange) {
        return true;
    }

    @Override
    protected SessionFormat format(final HttpServerExchange exchange, final FrameFormat frames) {
        return new RawFormat(frames);
    }

    @Override
    protected void answerSubprotocol(final HttpServerExchange exchange) {
        answerFirstSubprotocol(exchange);
    }

    /** Its messages are for the venue. */
    @Override
    protected boolean takesAuthMessage() {
        return false;
    }

    @Override
    protected void readQuery(final HttpServerExchange exchange, final IoThreadContext context,
            final UpgradeListener upgrade, final Runnable open) throws RequestException {
        final Request.Subscribe subscribe = context.decoder().fromQuery(exchange.getQueryParameters());
        final Channel channel = context.shard().topics().channel(subscribe.channel());
        if (channel != null && !channel.isSelfContained() && !channel.isEventChannel()) {
            throw new RequestException(ErrorCode.BAD_FIELD, "/channel", "channel " + channel.name() + " is of class "
                + channel.conflation() + ": its payloads make no sense one by one. Use /v1/ws; /v1/raw serves the "
                + "channels of class last-value and event", null);
        }
        checkContent(subscribe.options().content());
        upgrade.subscribe(subscribe);
        check(exchange, context, subscribe, open);
    }

    /** Payloads are the venue's own bytes, so none can be left out. */
    private static void checkContent(final ContentOptions content) throws RequestException {
        final String name = content.fields() != null && !content.fields().isEmpty() ? "fields"
            : Boolean.TRUE.equals(content.delta()) ? "delta" : content.depth() > 0 ? "depth" : null;
        if (name != null) {
            throw new RequestException(ErrorCode.BAD_FIELD, "/" + name,
                "/v1/raw sends whole payloads as the venue sent them: leave " + name + " out, or use /v1/ws", null);
        }
    }
}
