package penstock.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import org.junit.jupiter.api.Test;

/** What a user may do while requests wait, and while the client calls. */
class WaitingRequestTest {
    private final HandTurnedWorld world = new HandTurnedWorld();
    private final PenstockClient client = PenstockClient.connect("ws://relay",
        ClientOptions.on(Runnable::run).transport(world).platform(world));
    private final PriceGrid grid = client.quotes(GridTerms.of("A"), frame -> { });

    @Test
    void shouldNotClaimWhatWaitsToBeAskedForAgain() {
        begin();
        grid.set(grid.terms().symbols("A", "B"));
        receive("{'type':'error','id':2,'status':429,'code':'rate_limited','message':'no','retry':true,'retryAfter':1000}");
        world.close(1006, "");
        world.pass(250);
        begin();

        assertThat(world.socket().sent).last().asString().contains("\"symbols\":[\"A\",\"B\"]")
            .doesNotContain("resume");
        client.close();
    }

    @Test
    void shouldResumeWhenNothingWaits() {
        begin();
        world.close(1006, "");
        world.pass(250);
        begin();

        assertThat(world.socket().sent).last().asString().contains("\"resume\":{\"epoch\":7,\"p\":9}");
        client.close();
    }

    @Test
    void shouldEndQuietlyWhenAListenerClosesTheClient() {
        final PenstockClient[] other = new PenstockClient[1];
        other[0] = PenstockClient.connect("ws://relay", ClientOptions.on(Runnable::run).transport(world).platform(world)
            .listener(new ClientListener() {
                @Override
                public void onState(final SessionState state) {
                    if (state.phase() == SessionState.Phase.OPEN) {
                        other[0].close();
                    }
                }
            }));
        other[0].quotes(GridTerms.of("A"), frame -> { });
        begin();

        assertThat(other[0].state().phase()).isEqualTo(SessionState.Phase.CLOSED);
        assertThat(world.socket().sent).as("what the user is told comes after what was asked for").hasSize(1);
        assertThat(world.socket().isClosed).isTrue();
    }

    @Test
    void shouldRefuseToBeReadOutsideItsExecutor() {
        assertThat(catchThrowable(() -> grid.get("A")))
            .isInstanceOf(IllegalStateException.class).hasMessageContaining("execute()");
        client.execute(() -> assertThat(grid.get("A")).isNull());
    }

    /** A connection, and the first image of what was asked for. */
    private void begin() {
        world.accept();
        receive("{'type':'welcome','epoch':7,'feed':{'name':'demo','state':'live','channels':[{'name':'quote','class':'last-value','default':true}]},'limits':{'minInterval':0,'maxInterval':60000},'heartbeat':5000}");
        if (world.sockets.size() == 1) {
            receive("{'type':'ack','id':1,'op':'subscribe','sub':'s1','replaces':'all','resumed':false}");
            receive("{'type':'snapshot','sub':'s1','ts':1,'epoch':7,'replaces':'all','p':9,'last':true,'data':[{'s':'A','q':1,'v':{'bid':1}}]}");
        }
    }

    private void receive(final String message) {
        world.receive(message.replace('\'', '"'));
    }
}
