package penstock.venue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import penstock.testkit.VenueSpelling;

/** The built-in venue files on messages of their venues. Messages use single quotes for readability. */
class VenueMessagesTest {
    @Test
    void shouldReadTradesAndBooksOfBinance() {
        assertThat(read("binance",
            "{'stream':'ltcusdt@trade','data':{'e':'trade','E':5,'s':'LTCUSDT','t':7,'p':'71.10','T':1700000000123}}",
            "{'stream':'ltcusdt@trade','data':{'e':'trade','s':'LTCUSDT','t':7}}",
            "{'stream':'ltcusdt@trade','data':{'e':'trade','s':'LTCUSDT','t':10}}",
            "{'stream':'ltcusdt@depth@100ms','data':{'e':'depthUpdate','s':'LTCUSDT','U':5,'u':9,'b':[['71.10','2.0'],"
                + "['71.00','0.00']],'a':[]}}",
            "{'stream':'ltcusdt@depth@100ms','data':{'e':'depthUpdate','s':'LTCUSDT','U':11,'u':12,'b':[],'a':[['71.3',"
                + "'1']]}}",
            "{'stream':'ltcusdt@depth20@100ms','data':{'lastUpdateId':1,'bids':[],'asks':[]}}",
            "{'stream':'ltcusdt@forceOrder','data':{'e':'forceOrder','E':1700000000123,'o':{'s':'LTCUSDT'}}}"))
            .containsExactly(
                "update trade LTCUSDT 1700000000123000 "
                    + "{'e':'trade','E':5,'s':'LTCUSDT','t':7,'p':'71.10','T':1700000000123}",
                "update trade LTCUSDT - {'e':'trade','s':'LTCUSDT','t':7}",
                "gap trade LTCUSDT MARK 8 10", "update trade LTCUSDT - {'e':'trade','s':'LTCUSDT','t':10}",
                "update book LTCUSDT - {'e':'depthUpdate','s':'LTCUSDT','U':5,'u':9,'b':[['71.10','2.0'],['71.00',"
                    + "'0.00']],'a':[]}"
                    + " DELTA [b '71.10' '2.0', b '71.00' -]",
                "gap book LTCUSDT RESNAPSHOT 10 11",
                "update book LTCUSDT - {'e':'depthUpdate','s':'LTCUSDT','U':11,'u':12,'b':[],'a':[['71.3','1']]} "
                    + "DELTA [a '71.3' '1']",
                "update depth-20 LTCUSDT - {'lastUpdateId':1,'bids':[],'asks':[]}",
                "update liquidation LTCUSDT 1700000000123000 {'e':'forceOrder','E':1700000000123,'o':{'s':'LTCUSDT'}}");
    }

    @Test
    void shouldReadCoinbase() {
        assertThat(read("coinbase-exchange",
            "{'type':'snapshot','product_id':'LTC-USD','asks':[['71.2','4.0']],'bids':[['71.1','3'],['71.0','1']]}",
            "{'type':'l2update','product_id':'LTC-USD','changes':[['buy','71.1','0'],['sell','71.30','9.5']],"
                + "'time':'2026-01-01T00:00:00.5Z'}",
            "{'type':'error','message':'Too slow'}", "{'type':'error','message':'ErrSlowConsume'}",
            "{'type':'subscriptions','channels':[]}"))
            .containsExactly(
                "update book LTC-USD - {'type':'snapshot','product_id':'LTC-USD','asks':[['71.2','4.0']],"
                    + "'bids':[['71.1','3'],"
                    + "['71.0','1']]}"
                    + " SNAPSHOT [b '71.1' '3', b '71.0' '1', a '71.2' '4.0']",
                "update book LTC-USD 1767225600500000 "
                    + "{'type':'l2update','product_id':'LTC-USD','changes':[['buy','71.1','0'],"
                    + "['sell','71.30','9.5']],'time':'2026-01-01T00:00:00.5Z'} DELTA [b '71.1' -, a '71.30' '9.5']",
                "ERROR", "ERROR", "ACK");
    }

    @Test
    void shouldReadBothPayloadsOfKraken() {
        assertThat(changes("kraken-v1",
            "[7,{'as':[['71.20','4.0','1.5']],'bs':[['71.10','3.0','1.5']]},'book-100','XBT/USD']",
            "[7,{'a':[['71.20','0.00000000','2.5']],'c':'99'},'book-100','XBT/USD']",
            "[7,{'a':[['71.30','1.0','3.5','r']]},{'b':[['71.10','2.0','3.5']],'c':'98'},'book-100','XBT/USD']",
            "[8,[['71.1','2','1767225600.123456','s','l',''],['71.2','1','1767225601','b','m','']],'trade','XBT/USD']",
            "{'event':'subscriptionStatus','status':'error','errorMessage':'no','pair':'X'}"))
            .containsExactly(
                "book XBT/USD SNAPSHOT [b '71.10' '3.0', a '71.20' '4.0']", "book XBT/USD DELTA [a '71.20' -]",
                "book XBT/USD DELTA [b '71.10' '2.0', a '71.30' '1.0']",
                "trade XBT/USD 1767225600123456 ['71.1','2','1767225600.123456','s','l','']",
                "trade XBT/USD 1767225601000000 ['71.2','1','1767225601','b','m','']", "NACK");
        assertThat(read("kraken-v2",
            "{'channel':'book','type':'update','data':[{'symbol':'BTC/USD','bids':[{'price':71.10,'qty':0}],'asks':[],"
                + "'checksum':9}]}",
            "{'channel':'ticker','type':'snapshot','data':[{'symbol':'A/B','bid':1.10},{'symbol':'C/D','bid':2.0}]}",
            "{'channel':'trade','type':'update','data':[{'symbol':'A/B','trade_id':1},{'symbol':'A/B','trade_id':3}]}",
            "{'error':'Currency pair not supported','method':'subscribe','success':false}"))
            .containsExactly(
                "update book BTC/USD - {'symbol':'BTC/USD','bids':[{'price':71.10,'qty':0}],'asks':[],'checksum':9} "
                    + "DELTA [b 71.10 -]",
                "update ticker A/B - {'symbol':'A/B','bid':1.10}", "update quote A/B - {'symbol':'A/B','bid':1.10}",
                "update ticker C/D - {'symbol':'C/D','bid':2.0}", "update quote C/D - {'symbol':'C/D','bid':2.0}",
                "update trade A/B - {'symbol':'A/B','trade_id':1} DELTA", "gap trade A/B MARK 2 3",
                "update trade A/B - {'symbol':'A/B','trade_id':3} DELTA", "NACK");
    }

    @Test
    void shouldReadBitstamp() {
        assertThat(changes("bitstamp",
            "{'data':{'microtimestamp':'1700000000123456','bids':[['1.10','2']],'asks':[['1.2','0.000']]},"
                + "'channel':'diff_order_book_ltcusd','event':'data'}",
            "{'data':{'bids':[]},'channel':'order_book_ltcusd','event':'data'}",
            "{'data':{'id':1},'channel':'live_trades_ltcusd','event':'trade'}",
            "{'event':'bts:request_reconnect','channel':'','data':''}", "{'event':'bts:error','data':{}}",
            "{'event':'bts:heartbeat'}"))
            .containsExactly("book LTCUSD DELTA [b '1.10' '2', a '1.2' -]", "book-100 LTCUSD - {'bids':[]}",
            "quote LTCUSD - {'bids':[]}",
            "trade LTCUSD - {'id':1}",
                "ROLLOVER", "NACK", "HEARTBEAT");
    }

    @Test
    void shouldReadOkx() {
        final String books = "'arg':{'channel':'books','instId':'LTC-USDT'},'action':";
        assertThat(changes("okx",
            "{" + books + "'snapshot','data':[{'asks':[['1.2','4','0','1']],'bids':[],'prevSeqId':-1,'seqId':10}]}",
            "{" + books + "'update','data':[{'asks':[],'bids':[['1.1','5','0','2']],'prevSeqId':10,'seqId':10}]}",
            "{" + books + "'update','data':[{'asks':[],'bids':[],'prevSeqId':12,'seqId':15}]}",
            "{'event':'subscribe','arg':{'channel':'books','instId':'LTC-USDT'}}", "pong",
            "{'event':'error','code':'60018','msg':'no'}", "{'event':'error','code':'60009','msg':'no'}",
            "{'event':'error','code':'1'}",
            "{'event':'notice','code':'64008'}"))
            .containsExactly("book LTC-USDT SNAPSHOT [a '1.2' '4']", "book LTC-USDT DELTA [b '1.1' '5']",
                "gap book LTC-USDT RESUBSCRIBE 10 12", "book LTC-USDT DELTA []", "ACK", "HEARTBEAT", "NACK", "FATAL",
                    "ERROR", "ROLLOVER");
    }

    @Test
    void shouldReadBybit() {
        assertThat(changes("bybit-v5",
            "{'topic':'orderbook.50.LTCUSDT','type':'snapshot','ts':1,'data':{'s':'LTCUSDT','b':[['1.1','2']],'a':[],"
                + "'u':7}}",
            "{'topic':'orderbook.50.LTCUSDT','type':'delta','ts':2,'data':{'s':'LTCUSDT','b':[['1.1','0']],'a':[['1.2',"
                + "'1']],'u':8}}",
            "{'topic':'orderbook.50.LTCUSDT','type':'delta','data':{'s':'LTCUSDT','b':[],'a':[],'u':10}}",
            "{'topic':'orderbook.50.LTCUSDT','type':'delta','data':{'s':'LTCUSDT','b':[['1.0','3']],'a':[],'u':1}}",
            "{'data':{'symbol':'LTCUSDT','bid1Price':'1.1'},'type':'delta','topic':'tickers.LTCUSDT','cs':1}",
            "{'topic':'publicTrade.LTCUSDT','type':'snapshot','data':[{'s':'LTCUSDT','T':1700000000123},{'s':'LTCUSDT',"
                + "'T':5}]}",
            "{'success':true,'ret_msg':'pong','op':'ping'}",
            "{'success':false,'ret_msg':'Invalid topic','op':'subscribe'}"))
            .containsExactly("book LTCUSDT SNAPSHOT [b '1.1' '2']", "book LTCUSDT DELTA [b '1.1' -, a '1.2' '1']",
                "gap book LTCUSDT RESUBSCRIBE 9 10", "book LTCUSDT DELTA []", "book LTCUSDT SNAPSHOT [b '1.0' '3']",
                "ticker LTCUSDT - {'symbol':'LTCUSDT','bid1Price':'1.1'} DELTA",
                "mark LTCUSDT - {'symbol':'LTCUSDT','bid1Price':'1.1'} DELTA",
                "trade LTCUSDT 1700000000123000 {'s':'LTCUSDT','T':1700000000123}",
                "trade LTCUSDT - {'s':'LTCUSDT','T':5}",
                "HEARTBEAT", "NACK");
    }

    @Test
    void shouldReadDeribit() {
        final String book =
            "{'method':'subscription','params':{'channel':'book.X-1.100ms','data':{'instrument_name':'X-1',";
        assertThat(changes("deribit",
            book + "'type':'snapshot','change_id':5,'bids':[['new',1.10,4.0]],'asks':[]}}}",
            book + "'type':'change','prev_change_id':5,'change_id':6,'bids':[['delete',1.10,0.0]],'asks':[['change',"
                + "1.2,3.0]]}}}",
            book + "'type':'change','prev_change_id':5,'change_id':6,'bids':[],'asks':[]}}}",
            "{'method':'subscription','params':{'channel':'trades.X-1.raw','data':[{'instrument_name':'X-1',"
                + "'trade_seq':1}]}}",
            "{'method':'heartbeat','params':{'type':'test_request'}}",
            "{'id':1,'error':{'code':10028,'message':'too_many_requests'}}",
            "{'id':1,'error':{'code':13004}}", "{'id':1,'error':{'code':1}}", "{'id':1,'result':['a']}"))
            .containsExactly("book X-1 SNAPSHOT [b 1.10 4.0]", "book X-1 DELTA [b 1.10 -, a 1.2 3.0]", "duplicate book",
                "trade X-1 - {'instrument_name':'X-1','trade_seq':1}", "HEARTBEAT", "ERROR", "FATAL", "NACK", "ACK");
    }

    @Test
    void shouldLearnThePricesOfBitMex() {
        final Venue venue = load("bitmex");
        final VenueLog log = new VenueLog(venue).text(
            "{'table':'orderBookL2_25','action':'update','data':[{'symbol':'X','id':1,'side':'Buy','size':9}]}",
            "{'table':'orderBookL2_25','action':'partial','data':[{'symbol':'X','id':1,'side':'Buy','size':5,"
                + "'price':1.10},"
                + "{'symbol':'X','id':2,'side':'Sell','size':6,'price':1.2}]}",
            "{'table':'orderBookL2_25','action':'update','data':[{'symbol':'X','id':1,'side':'Buy','size':7}]}",
            "{'table':'orderBookL2_25','action':'delete','data':[{'symbol':'X','id':2,'side':'Sell'}]}",
            "{'table':'orderBookL2_25','action':'insert','data':[{'symbol':'X','id':3,'side':'Sell','size':1,"
                + "'price':1.3}]}",
            "{'table':'orderBookL2_25','action':'update','data':[{'symbol':'X','id':2,'side':'Sell','size':1},"
                + "{'symbol':'X',"
                + "'id':3,'side':'Sell','size':2}]}",
            "{'table':'orderBookL2_25','action':'partial','filter':{'symbol':'Y'},'data':[]}");
        assertThat(shortened(log))
            .containsExactly("IGNORED", "book X SNAPSHOT [b 1.10 5, a 1.2 6]", "book X DELTA [b 1.10 7]",
            "book X DELTA [a 1.2 -]", "book X DELTA [a 1.3 1]", "book X DELTA [a 1.3 2]", "book Y SNAPSHOT []");
        assertThat(venue.counts().badLevels()).isOne();
        venue.onConnected();
        log.text("{'table':'orderBookL2_25','action':'update','data':[{'symbol':'X','id':1,'side':'Buy','size':9}]}",
            "{'status':429,'error':'slow down','meta':{'retryAfter':3}}", "{'status':401,'error':'no'}",
            "{'status':400,'error':'no'}");
        assertThat(shortened(log)).endsWith("IGNORED", "ERROR", "FATAL", "NACK");
    }

    @Test
    void shouldLearnTheChannelsOfBitfinex() {
        final Venue venue = load("bitfinex");
        final VenueLog log = new VenueLog(venue).text(
            "{'event':'subscribed','channel':'book','chanId':7,'symbol':'tLTCUSD'}",
            "{'event':'subscribed','channel':'trades','chanId':8,'symbol':'tLTCUSD'}",
            "[7,[[1.10,1,5],[1.2,2,-6]],1]", "[7,[1.10,0,1],2]", "[7,[],3]", "[8,[[1,1700000000123,5,1.1]],4]",
            "[8,'te',[2,1700000000124,-5,1.2],5]", "[8,'tu',[2,1700000000124,-5,1.2],6]", "[7,'hb',9]", "[99,[1],10]",
            "{'event':'error','code':10305}", "{'event':'error','code':10300}", "{'event':'info','code':20051}");
        assertThat(shortened(log)).containsExactly("ACK", "ACK", "book tLTCUSD SNAPSHOT [b 1.10 5,"
            + " a 1.2 6]", "book tLTCUSD DELTA [b 1.10 -]",
            "book tLTCUSD DELTA []", "trade tLTCUSD 1700000000123000 [1,1700000000123,5,1.1] SNAPSHOT",
            "trade tLTCUSD 1700000000124000 [2,1700000000124,-5,1.2]", "IGNORED", "gap connection RECONNECT 7 9",
            "HEARTBEAT",
            "unmatched", "SHARD", "NACK", "ROLLOVER");
        venue.onConnected();
        assertThat(new VenueLog(venue).text("[7,[1.10,0,1],1]").lines).containsExactly("unmatched");
        assertThat(venue.detectsGaps(0)).isTrue();
    }

    @Test
    void shouldReadTheCandlesAndMarksOfBitfinexByTheKeyOfTheirChannel() {
        final VenueLog log = new VenueLog(load("bitfinex")).text(
            "{'event':'subscribed','channel':'candles','chanId':9,'key':'trade:1m:tBTCF0:USTF0'}",
            "{'event':'subscribed','channel':'candles','chanId':10,'key':'trade:1D:tBTCUSD'}",
            "{'event':'subscribed','channel':'status','chanId':11,'key':'deriv:tBTCF0:USTF0'}",
            "[9,[[1700000060000,2,3,4,1,7],[1700000000000,1,2,2,1,5]],1]", "[9,[1700000060000,2,2,4,1,8],2]",
            "[9,[1700000000000,1,2,2,1,6],3]", "[9,[1700000120000,2,2,2,2,1],4]", "[9,'hb',5]", "[10,[],6]",
            "[10,[1699920000000,1,2,3,1,9],7]", "[11,[1700000060500,null,5.1,5.2,null,9,null,1700006400000,1E-5,6,null,"
                + "-0.0001,null,null,5.15,null,null,77],8]");
        assertThat(shortened(log)).containsExactly("ACK", "ACK", "ACK",
            "candle tBTCF0:USTF0 - [1700000060000,2,3,4,1,7]", "candle tBTCF0:USTF0 - [1700000060000,2,2,4,1,8]",
            "duplicate candle", "candle tBTCF0:USTF0 - [1700000120000,2,2,2,2,1]", "HEARTBEAT", "IGNORED",
            "candle-1d tBTCUSD - [1699920000000,1,2,3,1,9]",
            "mark tBTCF0:USTF0 1700000060500000 [1700000060500,null,5.1,5.2,null,9,null,1700006400000,1E-5,6,null,"
                + "-0.0001,null,null,5.15,null,null,77]");
    }

    @Test
    void shouldPublishTheCandlesAndMarksOfBitfinexAndOkxWithTheirFields() {
        final VenueLog bitfinex = new VenueLog(VenueSpelling.load("bitfinex", variable -> "test")).text(
            "{'event':'subscribed','channel':'candles','chanId':9,'key':'trade:1h:tBTCUSD'}",
            "{'event':'subscribed','channel':'status','chanId':11,'key':'deriv:tBTCF0:USTF0'}",
            "[9,[[1700000060000,2,3,4,1,7.50],[1700000000000,1,2,2,1,5]],1]", "[9,[1700000060000,2,2,4,1,8],2]",
            "[11,[1700000060500,null,5.1,5.2,null,9,null,1700006400000,1E-5,6,null,-0.0001,null,null,5.150,null,null,"
                + "77],3]");
        assertThat(bitfinex.values).containsExactly(
            "{\"open\":2,\"high\":4,\"low\":1,\"close\":3,\"volume\":7.50,\"start\":1700000060000,\"interval\":\"1h\"}",
            "{\"open\":2,\"high\":4,\"low\":1,\"close\":2,\"volume\":8,\"start\":1700000060000,\"interval\":\"1h\"}",
            "{\"mark\":5.150,\"index\":5.2,\"funding\":-0.0001,\"nextFunding\":1700006400000,\"openInterest\":77}");
        final VenueLog okx = new VenueLog(VenueSpelling.load("okx", variable -> "test")).text(
            "{'arg':{'channel':'funding-rate','instId':'X'},'data':[{'instId':'X','fundingRate':'0.0001','fundingTime':"
                + "'1700006400000','ts':'1700000060500'}]}",
            "{'arg':{'channel':'open-interest','instId':'X'},'data':[{'instId':'X','oi':'5120','oiCcy':'51.2','ts':"
                + "'1700000060500'}]}");
        assertThat(okx.values).containsExactly("{\"funding\":0.0001,\"nextFunding\":1700006400000}",
            "{\"openInterest\":5120}");
    }

    @Test
    void shouldReadArraysOfEvents() {
        assertThat(read("polygon",
            "[{'ev':'status','status':'success'},{'ev':'Q','sym':'ABC','bp':1.10,'t':1700000000123,'q':1},{'ev':'T',"
                + "'sym':'ABC','q':2},{'ev':'C','p':'EUR/USD'}]",
            "[{'ev':'status','status':'auth_failed'}]", "[{'ev':'status','status':'max_connections'}]", "[]", "{}"))
            .containsExactly("ACK",
            "update quote ABC 1700000000123000 {'ev':'Q','sym':'ABC','bp':1.10,'t':1700000000123,'q':1}",
                "update trade ABC - {'ev':'T','sym':'ABC','q':2}", "update quote EUR/USD - {'ev':'C','p':'EUR/USD'}",
                "FATAL", "EVICTED",
                "unmatched");
        assertThat(changes("alpaca",
            "[{'T':'q','S':'ABC','bp':1.10,'t':'2026-01-01T00:00:00.123456789Z'},{'T':'x','S':'ABC'},{'T':'o',"
                + "'S':'BTC/USD',"
                + "'b':[{'p':1.10,'s':0}],'a':[],'r':true},{'T':'o','S':'BTC/USD','b':[],'a':[{'p':1.2,'s':3}]}]",
            "[{'T':'error','code':402}]", "[{'T':'error','code':406}]", "[{'T':'error','code':405}]",
            "[{'T':'subscription'}]"))
            .containsExactly(
            "quote ABC 1767225600123456 {'T':'q','S':'ABC','bp':1.10,'t':'2026-01-01T00:00:00.123456789Z'}",
                "correction ABC - {'T':'x','S':'ABC'}", "book BTC/USD SNAPSHOT [b 1.10 -]", "book BTC/USD DELTA [a 1.2 3]",
                "FATAL", "EVICTED",
                "NACK", "ACK");
    }

    @Test
    void shouldReadPrices() {
        assertThat(read("finnhub",
            "{'data':[{'c':null,'p':1.10,'s':'OANDA:EUR_USD','t':1700000000123,'v':0},{'s':'ABC',"
            + "'p':2}],'type':'trade'}",
            "{'type':'ping'}", "{'type':'error','msg':'Subscribing to too many symbols'}",
            "{'type':'error','msg':'Invalid API key'}"))
            .containsExactly("update ticker OANDA:EUR_USD 1700000000123000 {'c':null,'p':1.10,'s':'OANDA:EUR_USD',"
                + "'t':1700000000123,'v':0}",
                "update trade ABC - {'s':'ABC','p':2}", "HEARTBEAT", "NACK", "FATAL");
        assertThat(read("twelvedata", "{'event':'price','symbol':'EUR/USD','timestamp':1700000000,'price':1.10}",
            "{'event':'subscribe-status','status':'ok'}", "{'event':'subscribe-status','status':'error'}",
            "{'status':'error',"
                + "'code':401}"))
            .containsExactly("update ticker EUR/USD 1700000000000000 {'event':'price','symbol':'EUR/USD',"
                + "'timestamp':1700000000,'price':1.10}",
                "update quote EUR/USD 1700000000000000 {'event':'price','symbol':'EUR/USD',"
                + "'timestamp':1700000000,'price':1.10}",
                "ACK", "NACK", "FATAL");
        assertThat(read("tradermade-v2", "{'t':'QUOTE','s':'EURUSD','b':'1.10','a':'1.2',"
            + "'ts':'20260101-00:00:00.588'}", "{'type':'login_ok'}"))
            .containsExactly("update quote EURUSD 1767225600588000 {'t':'QUOTE','s':'EURUSD','b':'1.10','a':'1.2',"
                + "'ts':'20260101-00:00:00.588'}",
                "SESSION");
        assertThat(load("twelvedata").detectsGaps(0)).isFalse();
    }

    private static List<String> read(final String venue, final String... frames) {
        return new VenueLog(load(venue)).text(frames).lines;
    }

    private static List<String> changes(final String venue, final String... frames) {
        return shortened(new VenueLog(load(venue)).text(frames));
    }

    /** Of books only the levels. */
    private static List<String> shortened(final VenueLog log) {
        return log.lines.stream().map(line -> line.replaceAll("^update ",
            "").replaceAll(" \\S+ [{\\[].*[}\\]] (SNAPSHOT|DELTA) \\[", " $1 ["))
            .toList();
    }

    private static Venue load(final String name) {
        return Venue.load(name, VenueSpelling.VERBATIM, variable -> "test");
    }
}
