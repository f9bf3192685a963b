// Events of the BBDO protocol itself: negotiation, acknowledgement of events, end of a connection.
// Sources: spec/fixtures/events/event-fields.txt, bbdo-event-mapping-24.04.txt.

declare namespace Bbdo2 {
  /** Opens a connection before BBDO 3: the protocol's version and the extensions that the peer can use. */
  interface VersionResponse extends Bbdo.EventHead<2, 1, 131073> {
    /** Names, separated by spaces. */
    readonly extensions: string;
    readonly major: number;
    readonly minor: number;
    readonly patch: number;
  }

  /** The receiver has handled events. */
  interface Ack extends Bbdo.EventHead<2, 2, 131074> {
    /** How many. */
    readonly acknowledged_events: number;
  }

  /** The peer is about to close the connection. Has no fields of its own. */
  type Stop = Bbdo.EventHead<2, 3, 131075>;
}

declare namespace Bbdo3 {
  /** A version of the BBDO protocol. */
  interface ProtocolVersion {
    readonly major: number;
    readonly minor: number;
    readonly patch: number;
  }

  /** Opens a connection. */
  interface Welcome extends Bbdo.EventHead<2, 7, 131079> {
    readonly broker_name: string;
    /** The peer can negotiate more than BBDO 3.0 does. */
    readonly extended_negotiation: boolean;
    /** Names, separated by spaces. */
    readonly extensions: string;
    readonly peer_type: Bbdo.PeerType;
    readonly poller_id: number;
    readonly poller_name: string;
    readonly version: ProtocolVersion;
  }

  /** The receiver has handled events. */
  interface Ack extends Bbdo.EventHead<2, 8, 131080> {
    /** How many. */
    readonly acknowledged_events: number;
  }

  /** The peer is about to close the connection. */
  interface Stop extends Bbdo.EventHead<2, 9, 131081> {
    readonly poller_id: number;
  }

  /** A peer tells which engine configuration it has. */
  interface EngineConfiguration extends Bbdo.EventHead<2, 10, 131082> {
    readonly broker_name: string;
    readonly engine_config_version: string;
    /** It has to be sent a newer one. */
    readonly need_update: boolean;
    readonly peer_type: Bbdo.PeerType;
    readonly poller_id: number;
    readonly poller_name: string;
  }
}
