// The configuration ("dimensions") of business activities (BA), business views (BV), indicators (KPI) and time
// periods, dumped when the broker starts and when it reloads that configuration.
// Sources: spec/fixtures/events/event-fields.txt, bbdo-event-mapping-24.04.txt.

declare namespace Bbdo {
  /** Names and target availabilities of a BA, the same in both BBDO versions. */
  interface DimensionBaFields {
    readonly ba_description: string;
    /** The BA's name. */
    readonly ba_name: string;
    /** Monthly availability below which the BA is critical. */
    readonly sla_month_percent_crit: Percent;
    /** Monthly availability below which the BA is in warning. */
    readonly sla_month_percent_warn: Percent;
  }

  /** Names of a KPI, the same in both BBDO versions: of the one thing that it looks at, and of its BA. */
  interface DimensionKpiFields {
    /** Name of the BA that the KPI is part of. */
    readonly ba_name: string;
    readonly host_name: string;
    /** Impact on the BA while the KPI is CRITICAL. */
    readonly impact_critical: Percent;
    /** Impact on the BA while the KPI is UNKNOWN. */
    readonly impact_unknown: Percent;
    /** Impact on the BA while the KPI is in WARNING. */
    readonly impact_warning: Percent;
    /** Name of the BA that the KPI looks at. */
    readonly kpi_ba_name: string;
    readonly service_description: string;
  }

  /** A time period's rules for each day, such as `00:00-24:00`; empty: not on that day. */
  interface DimensionTimePeriodFields {
    readonly name: string;
    readonly monday: string;
    readonly tuesday: string;
    readonly wednesday: string;
    readonly thursday: string;
    readonly friday: string;
    readonly saturday: string;
    readonly sunday: string;
  }
}

declare namespace Bbdo2 {
  /** A BA. */
  interface DimensionBaEvent extends Bbdo.EventHead<6, 7, 393223>, Bbdo.DimensionBaFields {
    /** Nil when 0. */
    readonly ba_id: number | undefined;
    /** Monthly downtime from which the BA is critical; the mapping gives no unit. */
    readonly sla_month_duration_crit: number;
    /** Monthly downtime from which the BA is in warning; the mapping gives no unit. */
    readonly sla_month_duration_warn: number;
  }

  /** A KPI of a BA: a service, another BA, a meta-service, or a boolean rule. The ids of the others are nil. */
  interface DimensionKpiEvent extends Bbdo.EventHead<6, 8, 393224>, Bbdo.DimensionKpiFields {
    /** The BA that the KPI is part of. Nil when 0. */
    readonly ba_id: number | undefined;
    readonly boolean_id: number | undefined;
    readonly boolean_name: string | undefined;
    readonly host_id: number | undefined;
    /** The BA that the KPI looks at. */
    readonly kpi_ba_id: number | undefined;
    /** Nil when 0. */
    readonly kpi_id: number | undefined;
    readonly meta_service_id: number | undefined;
    readonly meta_service_name: string | undefined;
    readonly service_id: number | undefined;
  }

  /** A business view. */
  interface DimensionBvEvent extends Bbdo.EventHead<6, 10, 393226> {
    readonly bv_description: string;
    /** Nil when 0. */
    readonly bv_id: number | undefined;
    readonly bv_name: string;
  }

  /** A BA is part of a business view. */
  interface DimensionBaBvRelationEvent extends Bbdo.EventHead<6, 9, 393225> {
    /** Nil when 0. */
    readonly ba_id: number | undefined;
    /** Nil when 0. */
    readonly bv_id: number | undefined;
  }

  /** A time period. */
  interface DimensionTimeperiod extends Bbdo.EventHead<6, 13, 393229>, Bbdo.DimensionTimePeriodFields {
    /** Nil when 0. */
    readonly tp_id: number | undefined;
  }

  /** A BA is reported on within a time period. */
  interface DimensionBaTimeperiodRelation extends Bbdo.EventHead<6, 14, 393230> {
    /** Nil when 0. */
    readonly ba_id: number | undefined;
    /** The time period is the BA's default one. */
    readonly is_default: boolean;
    /** Nil when 0. */
    readonly timeperiod_id: number | undefined;
  }

  /** Begins and ends a dump of the configuration: what was known before is void. */
  interface DimensionTruncateTableSignal extends Bbdo.EventHead<6, 11, 393227> {
    /** True at the start of the dump, false at its end. */
    readonly update_started: boolean;
  }
}

declare namespace Bbdo3 {
  /** A BA. */
  interface DimensionBaEvent extends Bbdo.EventHead<6, 25, 393241>, Bbdo.DimensionBaFields {
    readonly ba_id: number;
    /** Monthly downtime from which the BA is critical; the mapping gives no unit. */
    readonly sla_duration_crit: number;
    /** Monthly downtime from which the BA is in warning; the mapping gives no unit. */
    readonly sla_duration_warn: number;
  }

  /** A KPI of a BA: a service, another BA, a meta-service, or a boolean rule. The ids of the others are 0. */
  interface DimensionKpiEvent extends Bbdo.EventHead<6, 26, 393242>, Bbdo.DimensionKpiFields {
    /** The BA that the KPI is part of. */
    readonly ba_id: number;
    readonly boolean_id: number;
    readonly boolean_name: string;
    readonly host_id: number;
    /** The BA that the KPI looks at. */
    readonly kpi_ba_id: number;
    readonly kpi_id: number;
    readonly meta_service_id: number;
    readonly meta_service_name: string;
    readonly service_id: number;
  }

  /** A business view. */
  interface DimensionBvEvent extends Bbdo.EventHead<6, 22, 393238> {
    readonly bv_description: string;
    readonly bv_id: number;
    readonly bv_name: string;
  }

  /** A BA is part of a business view. */
  interface DimensionBaBvRelationEvent extends Bbdo.EventHead<6, 23, 393239> {
    readonly ba_id: number;
    readonly bv_id: number;
  }

  /** A time period. */
  interface DimensionTimePeriod extends Bbdo.EventHead<6, 24, 393240>, Bbdo.DimensionTimePeriodFields {
    readonly id: number;
  }

  /** A BA is reported on within a time period. */
  interface DimensionBaTimeperiodRelation extends Bbdo.EventHead<6, 29, 393245> {
    readonly ba_id: number;
    /** The time period is the BA's default one. */
    readonly is_default: boolean;
    readonly timeperiod_id: number;
  }

  /** Begins and ends a dump of the configuration: what was known before is void. */
  interface DimensionTruncateTableSignal extends Bbdo.EventHead<6, 30, 393246> {
    /** True at the start of the dump, false at its end. */
    readonly update_started: boolean;
  }
}
