// Business activities (BA) and their indicators (KPI) as they are and were: states, events, durations.
// Their configuration is in bam-dimensions.d.ts.
// Sources: spec/fixtures/events/event-fields.txt, bbdo-event-mapping-24.04.txt (alone for the meta-service).

declare namespace Bbdo {
  /** What the BA status events of both BBDO versions have in common. */
  interface BaStatusFields {
    readonly in_downtime: boolean;
    readonly last_state_change: UnixTime;
    /** Part of the lost health that is acknowledged. */
    readonly level_acknowledgement: Percent;
    /** Part of the lost health that is in a downtime. */
    readonly level_downtime: Percent;
    /** Health; 100 when all is well. */
    readonly level_nominal: Percent;
    readonly state: ActivityState;
    /** The state just changed. */
    readonly state_changed: boolean;
  }

  /** What the KPI status events of both BBDO versions have in common. */
  interface KpiStatusFields {
    readonly in_downtime: boolean;
    /** Impact on the BA when last computed. */
    readonly last_impact: Percent;
    readonly last_state_change: UnixTime;
    /** Acknowledged impact on the BA, by its HARD state; so for the other levels. */
    readonly level_acknowledgement_hard: Percent;
    readonly level_acknowledgement_soft: Percent;
    readonly level_downtime_hard: Percent;
    readonly level_downtime_soft: Percent;
    readonly level_nominal_hard: Percent;
    readonly level_nominal_soft: Percent;
    readonly state_hard: ActivityState;
    readonly state_soft: ActivityState;
    /** It can be computed: what it looks at is known. */
    readonly valid: boolean;
  }

  /** What the BA duration events of both BBDO versions have in common. */
  interface BaDurationFields {
    /** `end_time - start_time`. */
    readonly duration: Seconds;
    /** Within the time period. */
    readonly end_time: UnixTime;
    /** When the BA event began, in the time period or not. */
    readonly real_start_time: UnixTime;
    /** Length within the time period. */
    readonly sla_duration: Seconds;
    /** Within the time period. */
    readonly start_time: UnixTime;
    /** The time period is the BA's default one. */
    readonly timeperiod_is_default: boolean;
  }
}

declare namespace Bbdo2 {
  /** The status of a BA. */
  interface BaStatus extends Bbdo.EventHead<6, 1, 393217>, Bbdo.BaStatusFields {
    /** Nil when 0. */
    readonly ba_id: number | undefined;
  }

  /** The status of a KPI. */
  interface KpiStatus extends Bbdo.EventHead<6, 2, 393218>, Bbdo.KpiStatusFields {
    /** Nil when 0. */
    readonly kpi_id: number | undefined;
  }

  /** The value of a meta-service; the mapping says that it is not used. */
  interface MetaServiceStatus extends Bbdo.EventHead<6, 3, 393219> {
    /** Nil when 0. */
    readonly meta_service_id: number | undefined;
    /** The state just changed. */
    readonly state_changed: boolean;
    readonly value: number;
  }

  /** A span of time that a BA spent in one state began or ended. */
  interface BaEvent extends Bbdo.EventHead<6, 4, 393220> {
    /** Nil when 0. */
    readonly ba_id: number | undefined;
    /** 0 or -1 while it lasts. */
    readonly end_time: Bbdo.UnixTime;
    /** Health when it began. */
    readonly first_level: Bbdo.Percent;
    readonly in_downtime: boolean;
    readonly start_time: Bbdo.UnixTime;
    readonly status: Bbdo.ActivityState;
  }

  /** A span of time that a KPI spent in one state began or ended. */
  interface KpiEvent extends Bbdo.EventHead<6, 5, 393221> {
    /** 0 or -1 while it lasts. */
    readonly end_time: Bbdo.UnixTime;
    /** Output when it began. */
    readonly first_output: string;
    /** Performance data when it began. */
    readonly first_perfdata: string;
    /** Impact on the BA. */
    readonly impact_level: Bbdo.Percent;
    readonly in_downtime: boolean;
    /** Nil when 0. */
    readonly kpi_id: number | undefined;
    readonly start_time: Bbdo.UnixTime;
    readonly status: Bbdo.ActivityState;
  }

  /** The part of a BA event that lies in a time period, for SLA reports. */
  interface BaDurationEvent extends Bbdo.EventHead<6, 6, 393222>, Bbdo.BaDurationFields {
    /** Nil when 0. */
    readonly ba_id: number | undefined;
    /** Nil when 0. */
    readonly timeperiod_id: number | undefined;
  }

  /** A BA is in a downtime because all its failed KPIs are, or no longer. */
  interface InheritedDowntime extends Bbdo.EventHead<6, 17, 393233> {
    /** Nil when 0. */
    readonly ba_id: number | undefined;
    readonly in_downtime: boolean;
  }

  /** Durations and availabilities of BAs must be computed again. The mapping calls it `BAM::Rebuild`. */
  interface Rebuild extends Bbdo.EventHead<6, 12, 393228> {
    /** Ids of the BAs: `1, 5, 8, 12`. */
    readonly bas_to_rebuild: string;
  }
}

declare namespace Bbdo3 {
  /** The status of a BA. */
  interface BaStatus extends Bbdo.EventHead<6, 19, 393235>, Bbdo.BaStatusFields {
    readonly ba_id: number;
    /** One sentence with the state and the KPIs that cause it. */
    readonly output: string;
  }

  /** The status of a KPI. */
  interface KpiStatus extends Bbdo.EventHead<6, 27, 393243>, Bbdo.KpiStatusFields {
    readonly kpi_id: number;
  }

  /** A span of time that a BA spent in one state began or ended. */
  interface BaEvent extends Bbdo.EventHead<6, 20, 393236> {
    readonly ba_id: number;
    /** 0 or -1 while it lasts. */
    readonly end_time: Bbdo.UnixTime;
    /** Health when it began. */
    readonly first_level: Bbdo.Percent;
    readonly in_downtime: boolean;
    readonly start_time: Bbdo.UnixTime;
    readonly status: Bbdo.ActivityState;
  }

  /** A span of time that a KPI spent in one state began or ended. */
  interface KpiEvent extends Bbdo.EventHead<6, 21, 393237> {
    readonly ba_id: number;
    /** 0 or -1 while it lasts. */
    readonly end_time: Bbdo.UnixTime;
    /** Impact on the BA. */
    readonly impact_level: Bbdo.Percent;
    readonly in_downtime: boolean;
    readonly kpi_id: number;
    /** Output when it began. */
    readonly output: string;
    /** Performance data when it began. */
    readonly perfdata: string;
    readonly start_time: Bbdo.UnixTime;
    readonly status: Bbdo.ActivityState;
  }

  /** The part of a BA event that lies in a time period, for SLA reports. */
  interface BaDurationEvent extends Bbdo.EventHead<6, 28, 393244>, Bbdo.BaDurationFields {
    readonly ba_id: number;
    readonly timeperiod_id: number;
  }

  /** A BA is in a downtime because all its failed KPIs are, or no longer. */
  interface InheritedDowntime extends Bbdo.EventHead<6, 18, 393234> {
    readonly header: Bbdo.Header;
    readonly ba_id: number;
    readonly in_downtime: boolean;
  }

  /** What a BA knows of one of its services. */
  interface BaServiceState {
    readonly acknowledged: boolean;
    readonly current_state: Bbdo.ActivityState;
    readonly host_id: number;
    readonly last_check: Bbdo.UnixTime;
    readonly last_hard_state: Bbdo.ActivityState;
    readonly service_id: number;
    /** True: HARD. */
    readonly state_type: boolean;
  }

  /** The services that BAs are made of, with their states, as the broker keeps them between two runs. */
  interface BaState extends Bbdo.EventHead<6, 31, 393247> {
    readonly service: readonly BaServiceState[];
  }
}
